using System.Text;

namespace Graft.Data.Tests;

public class TableDatasetTests
{
    static ScratchFolder Pictures(params string[] names)
    {
        ScratchFolder scratch = new();
        foreach (string name in names) scratch.Write(name, [1]); // a table only asks whether they are there
        return scratch;
    }

    static TableDataset Open(ScratchFolder scratch, string text, TableOptions? options = null, int minimumClasses = 2) =>
        TableDataset.Open(scratch.Write("table.csv", Encoding.UTF8.GetBytes(text)).Full("table.csv"), options, minimumClasses);

    static string Refusal(ScratchFolder scratch, string text, TableOptions? options = null)
    {
        InvalidDataException error = Assert.Throws<InvalidDataException>(() => Open(scratch, text, options));
        Assert.DoesNotContain('\n', error.Message);
        Assert.StartsWith(scratch.Full("table.csv"), error.Message);
        return error.Message;
    }

    [Fact]
    public void OneLabelAnImage()
    {
        using ScratchFolder scratch = Pictures("a.png", "deep/b c.png", "é.png");
        TableDataset table = Open(
            scratch, "\uFEFFimage,label\r\né.png,wasp\r\n\"deep/b c.png\",\"ant, red\"\r\na.png, wasp \r\n\r\n");
        Assert.Equal(LabelKind.Single, table.Kind);
        Assert.Equal(["ant, red", "wasp"], table.Classes);
        Assert.Equal(["é.png", "deep/b c.png", "a.png"], table.All!.Samples.Select(sample => sample.Name));
        Assert.Equal([1, 0, 1], table.All.Samples.Select(sample => sample.Label));
        Assert.All(table.All.Samples, sample => Assert.True(File.Exists(sample.Path)));
        Assert.Null(table.Train);
        Assert.Empty(table.Notes);
    }

    [Theory]
    [InlineData("a.png,x|y\nb.png,y\nc.png,\n", null)]
    [InlineData("a.png,\"y, x\"\nb.png,y\nc.png,\n", null)]
    [InlineData("a.png,x y\nb.png,y\nc.png,\n", null)]
    [InlineData("a.png,y  x\nb.png, y \nc.png,\n", "space")]
    [InlineData("a.png,x::y::x\nb.png,y\nc.png,\n", "::")]
    public void SeveralLabels(string rows, string? separator)
    {
        using ScratchFolder scratch = Pictures("a.png", "b.png", "c.png");
        TableDataset table = Open(
            scratch, "file_name,tags\n" + rows, new() { LabelSeparator = separator, MultipleLabels = true });
        Assert.Equal(LabelKind.Multiple, table.Kind);
        Assert.Equal(["x", "y"], table.Classes);
        Assert.Equal([[1f, 1f], [0f, 1f], [0f, 0f]], table.All!.Samples.Select(sample => sample.Targets!));
        Assert.Contains("1 of 3 images have no label", Assert.Single(table.Notes));
    }

    [Fact]
    public void NumbersOfColumns()
    {
        using ScratchFolder scratch = Pictures("a.png", "b.png");
        TableDataset table = Open(
            scratch, "path;width;note;height\na.png;1.5;x;-2e3\nb.png; 7 ;;0\n", new() { TargetColumns = ["height", "Width"] });
        Assert.Equal(LabelKind.Number, table.Kind);
        Assert.Equal(["height", "Width"], table.Classes);
        Assert.Equal([[-2000f, 1.5f], [0f, 7f]], table.All!.Samples.Select(sample => sample.Targets!));
    }

    [Fact]
    public void PartsAndAnotherRoot()
    {
        using ScratchFolder scratch = Pictures("photos/1.png", "photos/2.png", "photos/3.png", "photos/4.png");
        TableDataset table = Open(
            scratch, "id\tfile\tclass\tsplit\n7\t1.png\ta\tTrain\n8\t2.png\tb\t1\n9\t3.png\ta\tvalid\n10\t.\\4.png\tb\ttest\n",
            new() { ImageRoot = scratch.Full("photos") });
        Assert.Equal(["1.png", "2.png"], table.Train!.Samples.Select(sample => sample.Name));
        Assert.Equal(["3.png"], table.Validation!.Samples.Select(sample => sample.Name));
        Assert.Equal(["4.png"], table.Test!.Samples.Select(sample => sample.Name));
        Assert.Same(table.Test, table.ForEvaluation());
        Assert.Equal(3, table.ForTraining().Count);
        Assert.IsType<TableDataset>(ImageData.Open(scratch.Full("table.csv"), new() { ImageRoot = scratch.Full("photos") }));
    }

    [Fact]
    public void ALineWithinQuotesAndTwoColumnsOfAnyName()
    {
        using ScratchFolder scratch = Pictures("a.png", "b.png");
        TableDataset table = Open(scratch, "where,what\na.png,\"two\nlines \"\"said\"\"\"\nb.png,one");
        Assert.Equal(["one", "two\nlines \"said\""], table.Classes);
    }

    [Fact]
    public void MistakesAreNamedWithLineAndColumn()
    {
        using ScratchFolder scratch = Pictures("a.png", "b.png");
        Assert.Contains("line 3, column 'label': expected a label for b.png",
            Refusal(scratch, "image,label\na.png,x\nb.png, \n"));
        Assert.Contains("line 3, column 'image': gone.png", Refusal(scratch, "image,label\na.png,x\ngone.png,y\n"));
        Assert.Contains("and 1 more", Refusal(scratch, "image,label\n1.png,x\n2.png,y\n3.png,y\n4.png,x\n"));
        Assert.Contains("line 4, column 'image': the image ./a.png is there already, in line 2",
            Refusal(scratch, "image,label\na.png,x\nb.png,y\n./a.png,y\n"));
        Assert.Contains("line 2, column 'image': expected an image", Refusal(scratch, "image,label\n,x\n"));
        Assert.Contains("line 2: expected 2 cells", Refusal(scratch, "image,label\na.png,x,y\n"));
        Assert.Contains("line 3, column 'size': expected a number, found '1,5'. Decimals",
            Refusal(scratch, "image,size\na.png,1\nb.png,\"1,5\"\n", new() { TargetColumns = ["size"] }));
        Assert.Contains("expected a number, found nothing",
            Refusal(scratch, "image,size\na.png,1\nb.png,\n", new() { TargetColumns = ["size"] }));
        Assert.Contains("found 'nan'", Refusal(scratch, "image,size\na.png,nan\n", new() { TargetColumns = ["size"] }));
        Assert.Contains("line 3, column 'split': expected train, val or test, found 'both'",
            Refusal(scratch, "image,label,split\na.png,x,train\nb.png,y,both\n"));
        Assert.Contains("line 2, column 'label': expected labels with ';' between them, found an empty one",
            Refusal(scratch, "image,label\na.png,x;;y\n", new() { LabelSeparator = ";" }));
        Assert.Contains("no column 'species'. The columns are image, label",
            Refusal(scratch, "image,label\na.png,x\n", new() { LabelColumn = "species" }));
        Assert.Contains("no column looks like the labels'", Refusal(scratch, "image,x,y\na.png,1,2\n"));
        Assert.Contains("columns 'image', 'path' may all be the image column",
            Refusal(scratch, "image,path,label\na.png,b.png,2\n"));
        Assert.Contains("found 'image' twice", Refusal(scratch, "image,image,label\na.png,b.png,2\n"));
        Assert.Contains("expected at least 2 classes, found only 'x'", Refusal(scratch, "image,label\na.png,x\nb.png,x\n"));
        Assert.Contains("a quotation mark within a cell", Refusal(scratch, "image,label\na.png,x\"y\n"));
    }

    [Fact]
    public void WhatIsNoTableIsRefused()
    {
        using ScratchFolder scratch = Pictures("a.png", "b.png");
        Assert.Contains("found an empty file", Refusal(scratch, ""));
        Assert.Contains("none below the first line", Refusal(scratch, "image,label\n"));
        Assert.Contains("line 1: expected the columns' names, found an image, 'a.png'", Refusal(scratch, "a.png,x\nb.png,y\n"));
        string path = scratch.Full("table.csv");
        scratch.Write("table.csv", [.. "image,label\nb.png,caf"u8, 0xE9, .. "\n"u8]);
        Assert.Contains("UTF-8", Assert.Throws<InvalidDataException>(() => TableDataset.Open(path)).Message);
        scratch.Write("table.csv", [.. "PK"u8, 3, 4, 0, 0, 0]);
        Assert.Contains("binary", Assert.Throws<InvalidDataException>(() => TableDataset.Open(path)).Message);
        Assert.Throws<FileNotFoundException>(() => ImageData.Open(scratch.Full("none.csv")));
        Assert.Contains("does not exist", Refusal(
            scratch, "image,label\na.png,x\n", new() { ImageRoot = scratch.Full("elsewhere") }));
        Assert.Contains("this is a folder", Assert.Throws<ArgumentException>(
            () => ImageData.Open(scratch.Path, new() { LabelColumn = "x" })).Message);
        Assert.Throws<ArgumentException>(() => Open(scratch, "image,x\n", new() { LabelColumn = "x", TargetColumns = ["x"] }));
    }

    [Fact]
    public void LabelsThatLookLikeSeveralAreNoted()
    {
        using ScratchFolder scratch = Pictures("a.png", "b.png", "c.png");
        TableDataset table = Open(scratch, "image,label\na.png,cat;dog\nb.png,cat\nc.png,dog;fox\n");
        Assert.Equal(3, table.Classes.Count);
        Assert.Contains("--label-separator ';'", Assert.Single(table.Notes));
    }
}
