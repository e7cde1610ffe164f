using Graft.Imaging;

namespace Graft.Data.Tests;

public class ClassListTests
{
    static ClassList Read(string name, string text, List<string>? notes = null)
    {
        using ScratchFolder scratch = new();
        scratch.WriteText(name, text);
        return ClassList.Find(scratch.Path, note => notes?.Add(note))!;
    }

    [Theory]
    [InlineData("classes.json", """["sky", "road"]""", 0, 1)]
    [InlineData("classes.json", """{"0": "sky", "1": "road"}""", 0, 1)]
    [InlineData("id2label.json", """{"1": "road", "0": "sky"}""", 0, 1)]
    [InlineData("classes.json", """{"id2label": {"0": "sky", "7": "road"}}""", 0, 7)]
    [InlineData("classes.json", """{"sky": 3, "road": 4}""", 3, 4)]
    [InlineData("classes.json", """{"classes": ["sky", "road"], /* a note */ }""", 0, 1)]
    [InlineData("classes.json", """{"classes": [{"name": "road", "index": 5}, {"name": "sky", "index": 2}]}""", 2, 5)]
    [InlineData("classes.json", """[{"label": "sky", "id": 1}, {"label": "road", "id": 2}]""", 1, 2)]
    [InlineData("classes.json", """[{"name": "sky", "index": 0, "mask_value": 10}, {"name": "road", "value": 20}]""", 10, 20)]
    [InlineData("codes.txt", "sky\r\nroad\r\n\r\n", 0, 1)]
    [InlineData("classes.csv", "name,index\nsky,0\nroad,9\n", 0, 9)]
    public void NamesAndValuesAreReadInEveryForm(string name, string text, int first, int second)
    {
        ClassList list = Read(name, text);
        Assert.Equal(["sky", "road"], list.Labels.Select(label => label.Name));
        Assert.Equal([first, second], list.Labels.Select(label => label.Value));
    }

    [Theory]
    [InlineData("classes.json", """{"sky": [1, 2, 3], "road": [4, 5, 6, 255]}""")]
    [InlineData("classes.json", """{"sky": "#010203", "road": "#040506"}""")]
    [InlineData("classes.json", """[{"name": "sky", "color": [1, 2, 3]}, {"name": "road", "colour": "#040506"}]""")]
    [InlineData("class_dict.csv", "name,r,g,b\nsky,1,2,3\nroad,4,5,6\n")]
    public void ColoursAreReadInEveryForm(string name, string text)
    {
        ClassList list = Read(name, text);
        Assert.Equal([new RgbColor(1, 2, 3), new RgbColor(4, 5, 6)], list.Labels.Select(label => label.Color!.Value));
        Assert.Equal([0, 1], list.Labels.Select(label => label.Value));
    }

    [Fact]
    public void AnIgnoredFirstEntryMovesTheNumbersOfTheOthers()
    {
        ClassList list = Read("classes.json", """
            {"classes": [{"name": "none", "index": 0}, {"name": "sky", "index": 1}, {"name": "road", "index": 2}],
             "ignore_index": 0}
            """);
        MaskEncoding encoding = new(list.Labels, list.IgnoreValue);
        Assert.Equal(["sky", "road"], encoding.Names);
        Assert.Equal((ushort?)1, encoding.ClassOf(2));
        Assert.Equal((ushort?)IndexMask.Ignore, encoding.ClassOf(0));
    }

    [Fact]
    public void AVoidLineOfATextIsIgnoredAndToldSo()
    {
        List<string> notes = [];
        ClassList list = Read("codes.txt", "sky\nVoid\nroad\n", notes);
        Assert.Equal([false, true, false], list.Labels.Select(label => label.IsIgnored));
        Assert.Contains("pixels of 'Void', value 1, are ignored", Assert.Single(notes));
    }

    [Theory]
    [InlineData("class_dict.csv", "name,r,g,b\nsky,1,2,300\n")]
    [InlineData("class_dict.csv", "title,r,g,b\nsky,1,2,3\n")]
    [InlineData("classes.csv", "name,index\nsky,first\n")]
    [InlineData("classes.txt", "\n\n")]
    [InlineData("classes.json", """{"sky": true}""")]
    [InlineData("classes.json", """{"sky": [1, 2, 256]}""")]
    [InlineData("classes.json", """{"classes": [{"name": "a", "index": 0.5}]}""")]
    [InlineData("classes.json", """{"classes": [7]}""")]
    [InlineData("classes.json", """["sky", " "]""")]
    public void WhatIsNoClassListIsRefused(string name, string text) =>
        Assert.Contains(name, Assert.Throws<InvalidDataException>(() => Read(name, text)).Message);
}
