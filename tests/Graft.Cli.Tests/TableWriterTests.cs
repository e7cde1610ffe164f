namespace Graft.Cli.Tests;

public class TableWriterTests
{
    [Fact]
    public void Numbers_stand_to_the_right_and_words_to_the_left()
    {
        StringWriter output = new() { NewLine = "\n" };
        new TableWriter("class", "images", "share").Add("ant", "7", "0.5").Add("bumblebee", "123", "").Write(output);
        Assert.Equal("class      images  share\nant             7    0.5\nbumblebee     123\n", output.ToString());
    }

    [Fact]
    public void A_row_of_another_length_is_refused() =>
        Assert.Throws<ArgumentException>(() => new TableWriter("a", "b").Add("1"));
}
