using Graft.Imaging;

namespace Graft.Data.Tests;

/// <summary>What is wrong with masks is told before anything is trained, in one line.</summary>
public class MaskScanTests
{
    static string Fails(ScratchFolder scratch, SegmentationOptions? options = null) =>
        Assert.Throws<InvalidDataException>(() => SegmentationData.Open(scratch.Path, options)).Message;

    static SegmentationData Opens(ScratchFolder scratch, SegmentationOptions? options = null) =>
        SegmentationData.Open(scratch.Path, options);

    [Fact]
    public void AValueOfNoClassIsToldWithFileAndCount()
    {
        using ScratchFolder scratch = new();
        scratch.FillPairs(4).WriteClasses();
        IndexMask mask = MaskedFolder.Blocks(42, 34, 0, 1);
        mask.Row(5)[..3].Fill(37);
        scratch.DrawMask("masks/002.png", mask);
        string message = Fails(scratch);
        Assert.Contains("002.png: expected the values of the classes, 0, 1, 2", message);
        Assert.Contains("found 37 in 3 pixels", message);
        Assert.DoesNotContain('\n', message);
        SegmentationData data = Opens(scratch, new() { IgnoreIndex = 37 });
        Assert.Equal(3, data.All!.Samples[2].PixelCounts![3]);
    }

    [Fact]
    public void SizesThatDifferAreTold()
    {
        using ScratchFolder scratch = new();
        scratch.FillPairs(4).WriteClasses().DrawMask("masks/001.png", MaskedFolder.Blocks(20, 16, 0, 1))
            .DrawMask("masks/003.png", MaskedFolder.Blocks(20, 16, 0, 1));
        string message = Fails(scratch);
        Assert.Contains("001.png: expected a mask of the image's size, 41 x 33, found 20 x 16", message);
        Assert.EndsWith("(1 more mask like it)", message);
    }

    [Fact]
    public void AMissingMaskIsTold()
    {
        using ScratchFolder scratch = new();
        scratch.FillPairs(5).WriteClasses();
        File.Delete(scratch.Full("masks/001.png"));
        File.Delete(scratch.Full("masks/004.png"));
        Assert.Contains("found none for 2 of 5: 001.jpg, 004.jpg", Fails(scratch));
    }

    [Fact]
    public void ColoursNeedAClassList()
    {
        using ScratchFolder scratch = new();
        scratch.Draw("images/a.png").Draw("masks/a.png", 7);
        Assert.Contains("of which nothing says the classes", Fails(scratch));
        using ScratchFolder colored = new();
        using Image mask = new(40, 32);
        mask.Rgb.Fill(200);
        mask.Row(3)[2] = 7;
        colored.Draw("images/a.png").Write("masks/a.png", ImageCodec.EncodePng(mask))
            .WriteText("classes.json", """{"wall": [200, 200, 200], "door": [200, 200, 7], "floor": "#010203"}""");
        SegmentationData data = Opens(colored);
        Assert.Equal([40 * 32 - 1, 1, 0, 0], data.All!.Samples[0].PixelCounts!);
        Assert.Contains(data.Notes, note => note.Contains("no mask has a pixel of floor"));
        mask.Row(4)[0] = 1;
        colored.Write("masks/a.png", ImageCodec.EncodePng(mask));
        Assert.Contains("found (1, 200, 200) in 1 pixel", Fails(colored));
    }

    [Fact]
    public void TwoValuesWithoutAClassListAreBackgroundAndForeground()
    {
        using ScratchFolder scratch = new();
        scratch.FillPairs(3, values: [0, 255, 0]);
        SegmentationData data = Opens(scratch);
        Assert.Equal(["background", "foreground"], data.Classes);
        Assert.Contains(data.Notes, note => note.Contains("value 0 is taken for background, 255 for foreground"));
        Assert.Equal(0, data.All!.Samples[0].PixelCounts![2]);
        // a list of two names means the same
        scratch.WriteText("classes.txt", "cell\nwall\n");
        data = Opens(scratch);
        Assert.Equal(["cell", "wall"], data.Classes);
        Assert.True(data.All!.PixelsByClass().All(count => count > 0));
    }

    [Fact]
    public void ClassesAreNamedAfterValuesWhereNothingElseIsKnown()
    {
        using ScratchFolder scratch = new();
        scratch.FillPairs(3, values: [1, 2, 3, 255]);
        SegmentationData data = Opens(scratch);
        Assert.Equal(["1", "2", "3"], data.Classes);
        Assert.Equal(255, data.Masks.IgnoreValue);
        Assert.Equal(["1", "2", "3", "255"], Opens(scratch, new() { IgnoreIndex = SegmentationOptions.NoIgnoreIndex }).Classes);
        Assert.Equal(["1", "2", "255"], Opens(scratch, new() { IgnoreIndex = 3 }).Classes);
    }

    [Fact]
    public void MasksThatWereBlurredAreRefused()
    {
        using ScratchFolder scratch = new();
        IndexMask mask = new(100, 100);
        for (int y = 0; y < 100; y++)
            for (int x = 0; x < 100; x++) mask.Row(y)[x] = (ushort)(x < 45 ? 0 : x > 55 ? 255 : (x - 45) * 25 + y % 2);
        scratch.Draw("images/a.png", 1, 100, 100).DrawMask("masks/a.png", mask);
        Assert.Contains("resized with a filter", Fails(scratch));
        scratch.DrawMask("masks/a.png", new IndexMask(100, 100));
        Assert.Contains("found only the value 0", Fails(scratch));
    }

    [Fact]
    public void WhatMightSurpriseIsNoted()
    {
        using ScratchFolder scratch = new();
        scratch.FillPairs(4, values: [0, 1, 2]).WriteClasses();
        IndexMask ignored = new(40, 32);
        ignored.Pixels.Fill(255);
        scratch.Draw("images/010.jpg", 9).DrawMask("masks/010.png", ignored);
        scratch.Draw("images/011.jpg", 10).DrawMask("masks/011.png", new IndexMask(40, 32));
        scratch.DrawMask("masks/999.png", new IndexMask(40, 32));
        SegmentationData data = Opens(scratch, new() { Crop = (33, 33) });
        Assert.Contains(data.Notes, note => note.Contains("010.png has no pixel that counts"));
        Assert.Contains(data.Notes, note => note.Contains("011.png has one class only"));
        Assert.Contains(data.Notes, note => note.Contains("passed over 1 mask without an image"));
        Assert.Contains(data.Notes, note => note.Contains("4 of 6 images are smaller than the crop of 33 x 33"));
        Assert.Equal(40 * 32, data.All!.Samples[4].PixelCounts![3]);
    }

    [Fact]
    public void DamagedMasksAndListsAreRefused()
    {
        using ScratchFolder scratch = new();
        scratch.FillPairs(3).WriteClasses();
        byte[] whole = File.ReadAllBytes(scratch.Full("masks/001.png"));
        scratch.Write("masks/001.png", whole[..(whole.Length - 30)]);
        Assert.Contains("001.png", Fails(scratch));
        scratch.Write("masks/001.png", []);
        Assert.Contains("001.png", Fails(scratch));
        scratch.Write("masks/001.png", whole);
        foreach (string garbage in (string[])["", "{", "[1, 2]", "3", """{"a": [1, 2]}""", """[{"index": 1}]""", "[]",
            """["a", "a"]""", """{"classes": [{"name": "a", "index": 0}, {"name": "b", "index": 0}]}""", """{"a": "#12345"}"""])
        {
            scratch.WriteText("classes.json", garbage);
            Assert.DoesNotContain('\n', Fails(scratch));
        }
    }

    [Fact]
    public void ABadImageIsLeftToTheLoader()
    {
        using ScratchFolder scratch = new();
        scratch.FillPairs(3).WriteClasses().Write("images/001.jpg", [1, 2, 3]);
        Assert.Equal(3, Opens(scratch).All!.Count);
    }

    [Fact]
    public void WithoutAScanNothingIsCounted()
    {
        using ScratchFolder scratch = new();
        scratch.FillPairs(40).WriteClasses();
        SegmentationData data = Opens(scratch, new() { Scan = false });
        Assert.All(data.All!.Samples, sample => Assert.Null(sample.PixelCounts));
        int told = 0;
        SegmentationData.Open(scratch.Path, progress: (done, total) => Interlocked.Add(ref told, total == 40 ? 1 : 1000));
        Assert.Equal(40, told);
    }

    [Fact]
    public void ASplitKeepsEachClassOnBothSides()
    {
        using ScratchFolder scratch = new();
        scratch.WriteClasses();
        for (int i = 0; i < 40; i++)
            scratch.Draw($"images/{i:00}.png", i + 1)
                .DrawMask($"masks/{i:00}.png", MaskedFolder.Blocks(40, 32, i % 10 == 0 ? [0, 2] : [0, 1]));
        (ImageDataset train, ImageDataset validation) = Opens(scratch).TrainAndValidation(0.25, 3);
        Assert.Equal((30, 10), (train.Count, validation.Count));
        Assert.Equal((3, 1), (train.CountsByClass()[2], validation.CountsByClass()[2]));
        Assert.Equal(LabelKind.Mask, validation.Kind);
    }
}
