namespace Graft.Training.Tests;

public class ScoreTests
{
    [Fact]
    public void Batches_weigh_by_their_size()
    {
        var score = new Score();
        Assert.True(double.IsNaN(score.Loss));
        score.Add(meanLoss: 1, right: 3, count: 3);
        score.Add(meanLoss: 5, right: 0, count: 1);
        Assert.Equal(2, score.Loss);
        Assert.Equal(0.75, score.Accuracy);
    }
}
