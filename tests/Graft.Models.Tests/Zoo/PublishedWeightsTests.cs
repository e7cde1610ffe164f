using Graft.Imaging;

namespace Graft.Models.Tests.Zoo;

public class PublishedWeightsTests
{
    [Theory]
    [InlineData("torchvision:resnet50:IMAGENET1K_V2", "resnet50-11ad3fa6.pth")]
    [InlineData("resnet50:IMAGENET1K_V1", "resnet50-0676ba61.pth")]
    [InlineData("resnet50:DEFAULT", "resnet50-11ad3fa6.pth")]
    [InlineData("tv:resnet50", "resnet50-11ad3fa6.pth")]
    [InlineData("resnet50", "resnet50-11ad3fa6.pth")]
    [InlineData("ResNet50_Weights.IMAGENET1K_V1", "resnet50-0676ba61.pth")]
    [InlineData("ResNeXt101_32X8D_Weights.DEFAULT", "resnext101_32x8d-110c445d.pth")]
    [InlineData("ViT_B_16_Weights.IMAGENET1K_SWAG_E2E_V1", "vit_b_16_swag-9ac1b537.pth")]
    [InlineData("timm:resnet18.a1_in1k", "timm/resnet18.a1_in1k")]
    [InlineData("timm:mobilenetv3_rw", "timm/mobilenetv3_rw.rmsp_in1k")]
    [InlineData("hf:convnext-tiny-224", "facebook/convnext-tiny-224")]
    [InlineData("timm:resnet18", null)]
    [InlineData("resnet50:IMAGENET1K_V3", null)]
    [InlineData("hf:resnet50", null)]
    [InlineData("nosuch:resnet50:DEFAULT", null)]
    [InlineData("", null)]
    public void Names_lead_to_where_the_weights_lie(string name, string? file) =>
        Assert.Equal(file, PublishedWeights.Find(name)?.Location);

    // torchvision 0.27: get_model_weights("resnet50").IMAGENET1K_V2 and its transforms
    [Fact]
    public void The_second_ResNet_50_is_as_torchvision_says()
    {
        PublishedWeights weights = PublishedWeights.Find("resnet50:IMAGENET1K_V2")!;
        Assert.Equal((25_557_032, 4_089_000_000), (weights.Parameters, weights.MultiplyAdds));
        Assert.Equal((80.858, 95.434), (weights.Top1, weights.Top5));
        Assert.Equal(Preprocess.TorchVision(224, 232), weights.Preprocess);
        Assert.Equal(("BSD-3-Clause", true), (weights.Licence, weights.IsDefault));
        Assert.Equal("torchvision:resnet50:IMAGENET1K_V2", weights.FullName);
    }

    [Fact]
    public void Weights_that_differ_from_their_familys_others_say_so()
    {
        PublishedWeights swag = PublishedWeights.Find("vit_b_16:IMAGENET1K_SWAG_E2E_V1")!;
        Assert.Equal(("CC-BY-NC-4.0", 384), (swag.Licence, swag.InputSize));
        Assert.Equal(Preprocess.TorchVision(384, 384, Interpolation.Bicubic), swag.Preprocess);
        Assert.Equal([0.5f, 0.5f, 0.5f], PublishedWeights.Find("efficientnet_v2_l")!.Preprocess!.Mean);
    }

    [Fact]
    public void Each_entry_is_found_by_its_own_name_and_each_architecture_has_one_default()
    {
        foreach (PublishedWeights one in PublishedWeights.All)
        {
            Assert.Same(one, PublishedWeights.Find(one.FullName));
            Assert.Equal((one.Top1 ?? one.MeanIou) is null, one.AccuracySource is null);
            Assert.InRange(one.Top1 ?? 50, 45, 92);
            Assert.InRange(one.Top5 ?? 100, one.Top1 ?? 50, 100);
            Assert.InRange(one.InputSize, 96, 1024);
            Assert.InRange(one.Parameters ?? 1_000_000, 1_000_000, 2_000_000_000);
            string place = one.Origin == Origin.TorchVision ? "^[a-z0-9_]+-[0-9a-f]{8}.pth$" : "^[a-z]+/[A-Za-z0-9._-]+$";
            Assert.Matches(place, one.Location);
            if (one.Origin == Origin.TorchVision)
                Assert.Equal((one.InputSize, one.InputSize), (one.Preprocess!.Height, one.Preprocess.Width));
        }
        IEnumerable<PublishedWeights> torchvision = PublishedWeights.All.Where(one => one.Origin == Origin.TorchVision);
        Assert.All(torchvision.GroupBy(one => one.Model), group => Assert.Single(group, one => one.IsDefault));
        Assert.Equal(96, torchvision.Count());
    }

    [Fact]
    public void Segmentation_networks_know_Pascals_classes()
    {
        PublishedWeights weights = PublishedWeights.Find("DeepLabV3_ResNet50_Weights.COCO_WITH_VOC_LABELS_V1")!;
        Assert.Equal("torchvision:deeplabv3_resnet50:COCO_WITH_VOC_LABELS_V1", weights.FullName);
        Assert.Equal("deeplabv3_resnet50_coco-cd0a2569.pth", weights.Location);
        Assert.Equal((66.4, 92.4), (weights.MeanIou, weights.PixelAccuracy));
        Assert.Equal((21, "__background__", "tvmonitor"), (weights.Labels!.Count, weights.Labels[0], weights.Labels[20]));
        Assert.Equal(Preprocess.TorchVisionSegmentation(520), weights.Preprocess);
        Assert.Null(weights.Top1);
        Assert.Equal(PublishedWeights.ImageNetLabels, PublishedWeights.Find("resnet50")!.Labels);
    }

    [Fact]
    public void The_weights_of_an_architecture_are_those_of_its_origin()
    {
        IEnumerable<string> tags = PublishedWeights.Of(ModelZoo.FindVariant("torchvision:resnet50")).Select(one => one.Tag);
        Assert.Equal(["IMAGENET1K_V1", "IMAGENET1K_V2"], tags);
        Assert.All(PublishedWeights.Of(ModelZoo.FindVariant("timm:resnet50")), one => Assert.Equal(Origin.Timm, one.Origin));
    }

    // results-imagenet.csv: resnet18.a1_in1k,73.158,26.842,91.026,8.974,11.69,288,1.000,bicubic
    [Fact]
    public void Weights_of_timm_are_repositories_of_the_Hub()
    {
        PublishedWeights weights = PublishedWeights.Find("timm/resnet18.a1_in1k")!;
        Assert.Equal((Origin.Timm, "resnet18", "a1_in1k"), (weights.Origin, weights.Model, weights.Tag));
        Assert.Equal((73.158, 91.026, 11_690_000, 288), (weights.Top1, weights.Top5, weights.Parameters, weights.InputSize));
        Assert.Equal("Apache-2.0", weights.Licence);
        Assert.Equal("MIT", PublishedWeights.Find("timm/swin_tiny_patch4_window7_224.ms_in1k")!.Licence);
        Assert.Equal("CC-BY-NC-4.0", PublishedWeights.Find("timm/convnextv2_tiny.fcmae_ft_in1k")!.Licence);
        Assert.Contains(weights, PublishedWeights.Of(ModelZoo.FindVariant("timm:resnet18")));
    }

    // github.com/facebookresearch/ConvNeXt: ConvNeXt-T, 224x224, 82.1, 4.5G
    [Fact]
    public void Repositories_of_the_Hub_belong_to_architectures_of_transformers()
    {
        PublishedWeights weights = PublishedWeights.Find("facebook/convnext-tiny-224")!;
        Assert.Equal((Origin.HuggingFace, 82.1, 4_500_000_000), (weights.Origin, weights.Top1, weights.MultiplyAdds));
        Assert.Equal([weights], PublishedWeights.Of(ModelZoo.FindVariant("hf:convnext-tiny-224")));
        Assert.Null(PublishedWeights.Find("microsoft/resnet-50")!.Top1);
    }

    [Fact]
    public void Architectures_have_the_parameters_that_torchvision_states()
    {
        foreach (ModelVariant variant in ModelZoo.Variants.Where(one => one.Origin == Origin.TorchVision))
            Assert.Contains(PublishedWeights.Of(variant), weights => weights.Parameters == variant.Parameters);
    }

    [Fact]
    public void The_labels_are_ImageNets_in_their_order()
    {
        Assert.Equal(1000, PublishedWeights.ImageNetLabels.Count);
        Assert.Equal(("tench", "toilet tissue"), (PublishedWeights.ImageNetLabels[0], PublishedWeights.ImageNetLabels[999]));
        Assert.Equal("golden retriever", PublishedWeights.ImageNetLabels[207]);
    }
}
