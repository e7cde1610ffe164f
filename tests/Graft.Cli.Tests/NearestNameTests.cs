namespace Graft.Cli.Tests;

public class NearestNameTests
{
    [Theory]
    [InlineData("", "", 0)]
    [InlineData("", "abc", 3)]
    [InlineData("train", "train", 0)]
    [InlineData("trian", "train", 1)]
    [InlineData("tran", "train", 1)]
    [InlineData("traain", "train", 1)]
    [InlineData("kitten", "sitting", 3)]
    public void Distance_counts_edits(string a, string b, int expected)
    {
        Assert.Equal(expected, NearestName.Distance(a, b));
        Assert.Equal(expected, NearestName.Distance(b, a));
    }

    [Theory]
    [InlineData("trian", "train")]
    [InlineData("eval", "evaluate")]
    [InlineData("--epoch", "--epochs")]
    [InlineData("xyz", "")]
    public void The_nearest_names_come_first(string wanted, string expected)
    {
        string[] known = ["train", "predict", "evaluate", "--epochs", "--lr"];
        Assert.Equal(expected, NearestName.Find(wanted, known).FirstOrDefault() ?? "");
    }
}
