namespace Graft.Models.Tests;

public class SuggestTests
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
        Assert.Equal(expected, Suggest.Distance(a, b));
        Assert.Equal(expected, Suggest.Distance(b, a));
    }

    [Theory]
    [InlineData("trian", "train")]
    [InlineData("eval", "evaluate")]
    [InlineData("--epoch", "--epochs")]
    [InlineData("EVALUATE", "evaluate")]
    [InlineData("xyz", "")]
    public void The_nearest_names_come_first(string wanted, string expected)
    {
        string[] known = ["train", "predict", "evaluate", "--epochs", "--lr"];
        Assert.Equal(expected, Suggest.Nearest(wanted, known).FirstOrDefault() ?? "");
    }

    [Fact]
    public void A_limit_ends_the_count_early()
    {
        Assert.Equal(2, Suggest.Distance("kitten", "sitting", limit: 1));
        Assert.Equal(3, Suggest.Distance("kitten", "sitting", limit: 3));
        Assert.Equal(" Did you mean layer1.conv1 or layer1.conv2?",
            Suggest.DidYouMean("layer1.conv", ["layer1.conv2", "layer1.conv1", "fc.weight"]));
        Assert.Equal("", Suggest.DidYouMean("layer1.conv", ["fc.weight"]));
    }
}
