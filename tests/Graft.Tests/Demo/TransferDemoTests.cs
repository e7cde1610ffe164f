using Graft.Demo;

namespace Graft.Tests.Demo;

public class TransferDemoTests
{
    [Fact]
    public void The_demo_runs_through_twice_and_keeps_its_hands_off_other_folders()
    {
        string folder = Directory.CreateTempSubdirectory("graft-demo-").FullName;
        try
        {
            DemoConfig tiny = new()
            {
                Folder = Path.Combine(folder, "demo"),
                Size = 24,
                Width = 8,
                SourceImages = 10,
                SourceEpochs = 1,
                TargetImages = 4,
                TargetEpochs = 1,
                ValidationImages = 3,
            };
            List<string> stages = [];
            CancellationToken cancellation = TestContext.Current.CancellationToken;
            DemoResult result = TransferDemo.Run(tiny, stages.Add, cancellation: cancellation);
            Assert.Equal(6, stages.Count);
            Assert.Equal(["frozen", "finetune", "full", "random"], result.Runs.Select(run => run.Name));
            Assert.Equal([true, true, true, false], result.Runs.Select(run => run.IsTransfer));
            Assert.All(result.Runs, run => Assert.True(File.Exists(Path.Combine(run.Result.Folder, "model.safetensors"))));
            Assert.All(result.Runs, run => Assert.Equal(18, run.Result.Validation.Images));

            DemoResult again = TransferDemo.Run(tiny, cancellation: cancellation);
            Assert.Equal(result.Best.Result.Validation.Accuracy, again.Best.Result.Validation.Accuracy);

            File.WriteAllText(Path.Combine(folder, "mine.txt"), "precious");
            Assert.Throws<IOException>(() => TransferDemo.Run(tiny with { Folder = folder }, cancellation: cancellation));
            Assert.True(File.Exists(Path.Combine(folder, "mine.txt")));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
