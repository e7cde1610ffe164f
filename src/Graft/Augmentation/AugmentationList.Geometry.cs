using Graft.Imaging;

namespace Graft;

public static partial class AugmentationList
{
    static IReadOnlyList<TransformEntry> Geometry() =>
    [
        new("random_resized_crop", "a crop of random area and ratio, resized to the input",
        [
            Range("scale", "0.08,1", "share of the area", 0.001, 1),
            Range("ratio", "0.75,1.3333333333333333", "width / height", 0.01, 100),
        ])
        {
            Make = its => new RandomResizedCrop(its.Target.Height, its.Target.Width, its.Range("scale").Low,
                its.Range("scale").High, its.Range("ratio").Low, its.Range("ratio").High, its.Target.Interpolation),
        },
        new("resize", "the whole image, or as much as fits, at a random place", [Word("method", methods, "how")])
        {
            Make = its => new RandomPlacement(
                its.Target.Height, its.Target.Width, Method(its.Word("method")), its.Target.Interpolation)
            {
                Fill = its.Target.Fill,
            },
        },
        new("center", "resize and crop as in evaluation", []) { Make = its => new GeometryTransform(its.Target) },
        new("hflip", "mirrors left and right", [Chance("0.5")])
        {
            Make = its => new RandomHorizontalFlip((float)its.Number("p")),
        },
        new("vflip", "mirrors top and bottom", [Chance("0.5")])
        {
            Make = its => new RandomVerticalFlip((float)its.Number("p")),
        },
        new("rotate", "turns the image; torchvision's RandomRotation", [Around("degrees", "10", "angles", 360), Filter(1)])
        {
            Make = its => new RandomRotation(IntervalOf(its, "degrees"), FilterOf(its), Fill: FillOf(its)),
        },
        new("affine", "rotation, shift, scale and shear in one; torchvision's RandomAffine",
        [
            Around("degrees", "0", "angles", 360),
            Number("translate", "0", "greatest shift, as a share of the side", 0, 1),
            Range("scale", "1,1", "magnifications", 0.01, 100),
            Around("shear", "0", "degrees along x", 89),
            Filter(1),
        ])
        {
            Make = its =>
            {
                (double X, double Y) shift = (its.Number("translate"), its.Number("translate"));
                return new RandomAffine(IntervalOf(its, "degrees"), shift.X > 0 ? shift : null, IntervalOf(its, "scale"),
                    its.Range("shear") is (0, 0) ? null : IntervalOf(its, "shear"), null, FilterOf(its), FillOf(its));
            },
        },
        new("perspective", "moves the corners; torchvision's RandomPerspective",
            [Number("distortion", "0.5", "how far", 0, 1), Chance("0.5"), Filter(1)])
        {
            Make = its => new RandomPerspective(its.Number("distortion"), ChanceOf(its), FilterOf(its), FillOf(its)),
        },
        new("random_crop", "a crop of the input's size from what is there, padded where it is smaller; for small images",
            [Whole("padding", "0", "a border around every image first", 0, 4096)])
        {
            Make = its => new RandomCrop(its.Target.Height, its.Target.Width,
                its.Whole("padding") > 0 ? new Pad(its.Whole("padding"), fill: FillOf(its)) : null, padIfNeeded: true,
                fill: FillOf(its)),
        },
        new("erase", "erases a rectangle; torchvision's RandomErasing",
        [
            Chance("0.25"),
            Range("scale", "0.02,0.33", "share of the area", 0, 1),
            Range("ratio", "0.3,3.3", "height / width", 0.001, 1000),
            Word("fill", ["mean", "noise"], "ImageNet's mean colour, or noise"),
        ])
        {
            Make = its => new RandomErasing(
                ChanceOf(its), IntervalOf(its, "scale"), IntervalOf(its, "ratio"), noise: its.Word("fill") == "noise"),
        },
    ];
}
