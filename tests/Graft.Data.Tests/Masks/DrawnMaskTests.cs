using System.Text.RegularExpressions;
using Graft.Imaging;

namespace Graft.Data.Tests;

/// <summary>Masks drawn as shapes, in files by class, and named by a table.</summary>
public class DrawnMaskTests
{
    const string Coco = """
        {"images": [{"id": 7, "file_name": "a.png", "width": 40, "height": 32},
                    {"id": 9, "file_name": "b.png", "width": 40, "height": 32}],
         "categories": [{"id": 3, "name": "dog", "supercategory": "animal"}, {"id": 1, "name": "cat", "supercategory": "animal"}],
         "annotations": [
          {"id": 1, "image_id": 7, "category_id": 1, "iscrowd": 0, "area": 4, "segmentation": [[4, 4, 4, 8, 8, 8, 8, 4]]},
          {"id": 2, "image_id": 7, "category_id": 3, "iscrowd": 0, "area": 400, "segmentation": [[0, 0, 0, 20, 20, 20, 20, 0]]},
          {"id": 3, "image_id": 7, "category_id": 1, "iscrowd": 1, "segmentation": {"size": [32, 40], "counts": [640, 32, 608]}},
          {"id": 4, "image_id": 9, "category_id": 3, "iscrowd": 0, "bbox": [1, 2, 3, 4]}]}
        """;

    static int[,] Read(SegmentationData data, int sample)
    {
        Sample its = data.All!.Samples[sample];
        using IndexMask mask = its.Mask!.Read(data.Masks, ImageCodec.Identify(File.ReadAllBytes(its.Path)));
        int[,] values = new int[mask.Height, mask.Width];
        for (int y = 0; y < mask.Height; y++)
            for (int x = 0; x < mask.Width; x++) values[y, x] = mask.Row(y)[x];
        return values;
    }

    [Fact]
    public void CocosShapesBecomeMasksSmallOverLarge()
    {
        using ScratchFolder scratch = new();
        scratch.Draw("images/a.png", 1).Draw("images/b.png", 2).WriteText("annotations/instances.json", Coco);
        Assert.True(SegmentationData.IsAt(scratch.Path));
        SegmentationData data = SegmentationData.Open(scratch.Path);
        Assert.Equal(["background", "cat", "dog"], data.Classes);
        int[,] mask = Read(data, 0);
        Assert.Equal((1, 2, 2, 0), (mask[5, 5], mask[1, 1], mask[15, 15], mask[25, 5]));
        Assert.Equal((IndexMask.Ignore, 0), (mask[10, 20], mask[10, 21])); // the crowd's column
        Assert.Equal([16, 400 - 16, 32], data.All!.Samples[0].PixelCounts![1..]);
        Assert.Equal(40 * 32, data.All.Samples[1].PixelCounts![0]);
        Assert.Contains(data.Notes, note => note.Contains("1 annotations without a segmentation"));
        // the file alone says the same
        Assert.Equal(2, SegmentationData.Open(scratch.Full("annotations/instances.json")) is var alone ? alone.All!.Count : 0);
    }

    [Fact]
    public void PartsHaveFilesOfTheirOwn()
    {
        using ScratchFolder scratch = new();
        foreach (string part in (string[])["train", "valid"])
            scratch.Draw($"{part}/a.png", 1).Draw($"{part}/b.png", 2).WriteText($"{part}/_annotations.coco.json", Coco);
        SegmentationData data = SegmentationData.Open(scratch.Path);
        Assert.Equal((2, 2), (data.Train!.Count, data.Validation!.Count));
        using ScratchFolder years = new();
        foreach (string part in (string[])["train", "val"])
            years.Draw($"{part}2017/a.png", 1).Draw($"{part}2017/b.png", 2)
                .WriteText($"annotations/instances_{part}2017.json", Coco);
        data = SegmentationData.Open(years.Path);
        Assert.Equal((2, 2), (data.Train!.Count, data.Validation!.Count));
        Assert.Contains("train2017", data.Train.Samples[0].Path);
    }

    [Fact]
    public void LabelStudiosShapesAreInPercentAndTheLaterLiesOnTop()
    {
        byte[] painted = new byte[40 * 32];
        for (int x = 10; x < 30; x++) painted[31 * 40 + x] = 1;
        string brush = string.Join(",", PackBrush(painted));
        using ScratchFolder scratch = new();
        scratch.Draw("images/a.png", 1).Draw("images/photo 2.png", 2).WriteText("project.json", $$$"""
            [{"id": 1, "data": {"image": "/data/upload/1/12345678-a.png"}, "annotations": [{"was_cancelled": false, "result": [
               {"type": "rectanglelabels", "original_width": 40, "original_height": 32,
                "value": {"x": 0, "y": 0, "width": 50, "height": 50, "rotation": 0, "rectanglelabels": ["wall"]}},
               {"type": "polygonlabels", "original_width": 40, "original_height": 32,
                "value": {"points": [[10, 12.5], [10, 25], [20, 25], [20, 12.5]], "polygonlabels": ["door"]}},
               {"type": "brushlabels", "original_width": 40, "original_height": 32,
                "value": {"format": "rle", "rle": [{{{brush}}}], "brushlabels": ["floor"]}},
               {"type": "choices", "value": {"choices": ["good"]}}]}]},
             {"id": 2, "data": {"image": "/data/local-files/?d=some/photo%202.png"}, "annotations": [{"result": []}]},
             {"id": 3, "data": {"image": "c.png"}, "annotations": []}]
            """);
        SegmentationData data = SegmentationData.Open(scratch.Path);
        Assert.Equal(["background", "door", "floor", "wall"], data.Classes);
        int[,] mask = Read(data, 0);
        Assert.Equal((3, 1, 0), (mask[1, 1], mask[5, 5], mask[20, 30]));
        Assert.Equal((0, 2, 2, 0), (mask[31, 9], mask[31, 10], mask[31, 29], mask[31, 30]));
        Assert.Equal([16, 20, 320 - 16, 0], data.All!.Samples[0].PixelCounts![1..]);
        Assert.Equal(40 * 32, data.All.Samples[1].PixelCounts![0]);
        Assert.Contains(data.Notes, note => note.Contains("1 of 3 images that nobody has annotated"));
    }

    [Fact]
    public void TheBrushsPackingIsThingUmbrellas()
    {
        // the packer's own example
        byte[] packed = [0, 0, 0, 18, 57, 27, 252, 96, 32, 1, 0, 6, 0, 40, 0, 192, 3, 128, 17, 56, 32];
        byte[] values = [1, 1, 1, 1, 2, 3, 5, 6, 7, 8, 4, 4, 4, 4, 4, 4, 4, 4];
        Assert.Equal(values, BrushRuns.Unpack(packed, 18, every: 1, from: 0));
        Assert.Throws<FormatException>(() => BrushRuns.Unpack(packed.AsSpan(0, 12), 18, 1, 0));
        Assert.Throws<FormatException>(() => BrushRuns.Decode(packed, 4, 4));
    }

    [Fact]
    public void JsonThatIsSomethingElseIsRefusedInOneLine()
    {
        using ScratchFolder scratch = new();
        scratch.Draw("images/a.png", 1).Draw("images/b.png", 2);
        const string Polygon = "[4, 4, 4, 8, 8, 8, 8, 4]", Runs = "[640, 32, 608]";
        foreach (string garbage in (string[])["""{"annotations": [""", """{"annotations": 3, "categories": 4}""",
            """{"annotations": {}}""", Coco.Replace(Runs, "[640, 32, 607]"), Coco.Replace(Runs, "\"a\""),
            Coco.Replace(Runs, "[-1]"),
            Coco.Replace("\"width\": 40", "\"width\": 41"), Coco.Replace("\"width\": 40", "\"width\": -4"),
            Coco.Replace("a.png", "../../nothing.png"), Coco.Replace(Polygon, "[4, 4, 4, 8, 8, 8, 8]"),
            Coco.Replace(Polygon, "[4, 4, 4, 1e300, 8, 8, 8, 4]"), Coco.Replace("\"category_id\": 1", "\"category_id\": 2"),
            """[{"annotations": [{"result": []}]}]""", """[{"data": {}, "annotations": []}]"""])
        {
            scratch.WriteText("annotations.json", garbage);
            string message = Assert.Throws<InvalidDataException>(() => SegmentationData.Open(scratch.Path)).Message;
            Assert.DoesNotContain('\n', message);
            Assert.Contains("annotations.json", message);
        }
    }

    [Fact]
    public void JsonThatWasMeddledWithIsReadOrRefused()
    {
        const string Studio = """
            [{"data": {"image": "a.png"}, "annotations": [{"was_cancelled": false, "result": [
              {"type": "rectanglelabels", "original_width": 40, "original_height": 32,
               "value": {"x": 0, "y": 0, "width": 50, "height": 50, "rotation": 10, "rectanglelabels": ["wall"]}},
              {"type": "polygonlabels", "original_width": 40, "original_height": 32,
               "value": {"points": [[10, 12.5], [10, 25], [20, 25]], "polygonlabels": ["door"]}}]}]}]
            """;
        string[] others = ["null", "{}", "[]", "-1", "1e99", "\"\"", "[[1]]", "true", "99999999999"];
        using ScratchFolder scratch = new();
        scratch.Draw("images/a.png", 1).Draw("images/b.png", 2);
        SampleRandom random = new(3, 1, 4);
        int refused = 0;
        foreach (string whole in (string[])[Coco, Studio])
            for (int round = 0; round < 150; round++)
            {
                // one value becomes another
                MatchCollection values = Regex.Matches(whole, @"(?<=[:\[,]\s*)(""[^""]*""|-?[\d.]+|true|false)(?=\s*[,\]}])");
                Match value = values[random.Next(values.Count)];
                string text = whole[..value.Index] + others[random.Next(others.Length)] + whole[(value.Index + value.Length)..];
                scratch.WriteText("annotations.json", text);
                try
                {
                    Assert.NotNull(SegmentationData.Open(scratch.Path).All);
                }
                catch (InvalidDataException error)
                {
                    Assert.DoesNotContain('\n', error.Message);
                    refused++;
                }
            }
        Assert.InRange(refused, 100, 299);
    }

    [Fact]
    public void OneFileForEachClassIsReadAsOneMask()
    {
        using ScratchFolder scratch = new();
        IndexMask upper = new(40, 32), left = new(40, 32);
        for (int y = 0; y < 32; y++)
        {
            if (y < 16) upper.Row(y).Fill(255);
            left.Row(y)[..10].Fill(1);
        }
        scratch.Draw("images/a.png", 1).Draw("images/b.png", 2).DrawMask("masks/sky/a.png", upper)
            .DrawMask("masks/tree/a.png", left).DrawMask("masks/tree/b_mask.png", left);
        SegmentationData data = SegmentationData.Open(scratch.Path);
        Assert.Equal(["background", "sky", "tree"], data.Classes);
        Assert.Equal([480, 480, 320, 0], data.All!.Samples[0].PixelCounts!);
        Assert.Equal([960, 0, 320, 0], data.All.Samples[1].PixelCounts!);
        scratch.DrawMask("masks/tree/a.png", new IndexMask(20, 20));
        Assert.Contains("40 x 32, found 20 x 20",
            Assert.Throws<InvalidDataException>(() => SegmentationData.Open(scratch.Path)).Message);
        Directory.Delete(scratch.Full("masks/sky"), recursive: true);
        scratch.DrawMask("masks/tree/a.png", left).WriteText("classes.txt", "void\nbush\n");
        Assert.Contains("found tree", Assert.Throws<InvalidDataException>(() => SegmentationData.Open(scratch.Path)).Message);
    }

    [Fact]
    public void ATableNamesImagesAndMasks()
    {
        using ScratchFolder scratch = new();
        scratch.FillPairs(4, "photos", "truth").WriteText("set.csv",
            "file,mask,split\nphotos/000.jpg,truth/000.png,train\nphotos/001.jpg,truth/001.png,train\n"
            + "photos/002.jpg,truth/002.png,val\nphotos/003.jpg,truth\\003.png,test\n");
        string table = scratch.Full("set.csv");
        Assert.True(SegmentationData.IsAt(table));
        SegmentationData data = SegmentationData.Open(table);
        Assert.Equal((2, 1, 1), (data.Train!.Count, data.Validation!.Count, data.Test!.Count));
        Assert.Equal(["0", "1", "2"], data.Classes);
        scratch.WriteText("set.csv", "file,where\nphotos/000.jpg,truth/000.png\nphotos/001.jpg,truth/009.png\n");
        Assert.False(SegmentationData.IsAt(table));
        string message = Assert.Throws<InvalidDataException>(
            () => SegmentationData.Open(table, new() { Table = new() { MaskColumn = "where" } })).Message;
        Assert.Contains("no such mask: line 3, column 'where': truth/009.png", message);
        TableOptions named = new() { MaskColumn = "where" };
        Assert.True(SegmentationData.IsAt(table, named));
        Assert.Throws<ArgumentException>(() => SegmentationData.Open(scratch.Path, new() { Table = named }));
        Assert.Throws<ArgumentException>(() => (named with { LabelColumn = "file" }).Validate());
        scratch.WriteText("set.csv", "file,where\nphotos/000.jpg,truth/000.png\n");
        Assert.Equal(LabelKind.Mask, ImageData.Open(table, named).Kind);
    }

    [Fact]
    public void MasksFollowTheTurnOfTheirPhotographs()
    {
        using ScratchFolder scratch = new();
        IndexMask stored = MaskedFolder.Blocks(40, 32, 0, 1, 2), upright = MaskGeometry.Orient(stored.Clone(), 6);
        ImageInfo turned = new("JPEG", 40, 32, "RGB", 6);
        MaskEncoding encoding = new([new("a", 0), new("b", 1), new("c", 2)]);
        scratch.DrawMask("stored.png", stored).DrawMask("upright.png", upright);
        using IndexMask first = new MaskFile(scratch.Full("stored.png")).Read(encoding, turned);
        using IndexMask second = new MaskFile(scratch.Full("upright.png")).Read(encoding, turned);
        using IndexMask third = new MaskFile(scratch.Full("stored.png")).Read(encoding, turned, ignoreOrientation: true);
        Assert.Equal(upright.Pixels, first.Pixels);
        Assert.Equal(upright.Pixels, second.Pixels);
        Assert.Equal(stored.Pixels, third.Pixels);
        Assert.Throws<InvalidDataException>(
            () => new MaskFile(scratch.Full("upright.png")).Read(encoding, turned, ignoreOrientation: true));
    }

    // One block of one value for each run, with counters of 16 bits.
    static byte[] PackBrush(byte[] painted)
    {
        List<int> bits = [];
        void Write(long value, int count)
        {
            for (int i = count - 1; i >= 0; i--) bits.Add((int)(value >> i & 1));
        }
        Write(painted.Length * 4, 32);
        Write(7, 5);
        foreach (int size in (int[])[3, 4, 8, 16]) Write(size - 1, 4);
        for (int at = 0; at < painted.Length;)
        {
            int end = at;
            while (end < painted.Length && painted[end] == painted[at]) end++;
            Write(1, 1);
            Write(3, 2);
            Write((end - at) * 4 - 1, 16);
            Write(painted[at] * 255, 8);
            at = end;
        }
        while (bits.Count % 8 != 0) bits.Add(0);
        return [.. bits.Chunk(8).Select(each => (byte)each.Aggregate(0, (sum, bit) => sum << 1 | bit))];
    }
}
