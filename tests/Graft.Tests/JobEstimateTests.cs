using System.Text.Json.Nodes;
using Graft.Torch;

namespace Graft.Tests;

/// <summary>What a job will take, before its first step.</summary>
public sealed class JobEstimateTests : IDisposable
{
    readonly Workshop workshop = new();

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => workshop.Dispose();

    [Theory]
    [InlineData(TrainingMode.FineTune)]
    [InlineData(TrainingMode.Full)]
    [InlineData(TrainingMode.Probe)]
    public void A_look_at_a_few_images_changes_nothing_of_the_training(TrainingMode mode)
    {
        long before = Tensor.LiveCount;
        JobConfig config = workshop.Job(mode) with
        {
            Model = workshop.Model("dropping", dropout: 0.4),
            Epochs = 2,
            Augment = true,
        };
        var diary = new Diary();
        TrainResult looked = FineTune.Run(config, diary, Stop);
        TrainResult blind = FineTune.Run(config with { Estimates = false, Output = workshop.Path("blind") }, null, Stop);
        Assert.Null(blind.Plan.Estimate);
        Assert.Equal(
            File.ReadAllBytes(Path.Combine(blind.Folder, "model.safetensors")),
            File.ReadAllBytes(Path.Combine(looked.Folder, "model.safetensors")));
        Assert.Equal(before, Tensor.LiveCount);

        JobEstimate estimate = diary.Plan!.Estimate!;
        Assert.InRange(estimate.Seconds, 1e-6, 3600);
        Assert.InRange(estimate.SecondsPerEpoch, 1e-6, estimate.Seconds);
        Assert.InRange(estimate.PeakBytes!.Value, 20_000_000, estimate.AvailableBytes!.Value);
        Assert.Null(estimate.ImagesAtOnce);
        JsonNode summary = JsonNode.Parse(File.ReadAllText(Path.Combine(looked.Folder, "summary.json")))!;
        Assert.Equal(estimate.PeakBytes, (long)summary["estimated"]!["peak_memory_bytes"]!);
        Assert.True((long)summary["peak_memory_bytes"]! > 20_000_000);
        Assert.Null(JsonNode.Parse(File.ReadAllText(Path.Combine(blind.Folder, "summary.json")))!["estimated"]);
    }

    [Fact]
    public void A_batch_that_does_not_fit_goes_through_in_equal_parts()
    {
        var need = new MemoryNeed(Constant: 1000, Step: 100, Forward: 30, Batch: 12, Evaluated: 32);
        Assert.Equal(1000 + 12 * 100, need.Peak());
        Assert.Equal(1000 + 5 * 100, need.Peak(atOnce: 5));
        Assert.Null(need.Fitting(2445)); // a tenth stays free
        Assert.Equal(6, need.Fitting(2440));
        Assert.Equal(6, need.Fitting(1780)); // six fit
        Assert.Equal(4, need.Fitting(1770)); // five would be three parts, of four each
        Assert.Equal(1, need.Fitting(1300));
        Assert.Equal(1, need.Fitting(0));
        Assert.Equal(1000 + 32 * 50, (need with { Forward = 50 }).Peak()); // of evaluation
    }

    [Theory]
    [InlineData("plain", 8_000_000_000)]
    [InlineData("limited", 2_000_000_000, "0::/job/own\n", "job/memory.max", "3000000000", "job/memory.current", "1000000000")]
    [InlineData("limited", 2_400_000_000, "0::/job/own\n", "job/memory.max", "3000000000", "job/memory.current", "1000000000",
        "job/memory.stat", "anon 5\ninactive_file 400000000\n")]
    [InlineData("unlimited", 8_000_000_000, "0::/\n", "memory.max", "max", "memory.current", "1000000000")]
    [InlineData("container", 500_000_000, "0::/not/seen/here\n", "memory.max", "900000000", "memory.current", "400000000")]
    [InlineData("older", 1_500_000_000, "4:cpu,cpuacct:/x\n7:memory:/x\n", "memory/x/memory.limit_in_bytes", "2000000000",
        "memory/x/memory.usage_in_bytes", "600000000", "memory/x/memory.stat", "total_inactive_file 100000000\n")]
    [InlineData("over", 0, "0::/\n", "memory.max", "1000", "memory.current", "2000")]
    public void Available_memory_is_the_least_that_anything_leaves(string name, long expected, params string[] groups)
    {
        string root = workshop.Path(name);
        void Put(string path, string text)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(root, path))!);
            File.WriteAllText(Path.Combine(root, path), text);
        }
        Put("proc/meminfo", "MemTotal: 16000000 kB\nMemFree: 100 kB\nMemAvailable:    7812500 kB\n");
        if (groups.Length > 0) Put("proc/self/cgroup", groups[0]);
        for (int i = 1; i < groups.Length; i += 2) Put(Path.Combine("sys/fs/cgroup", groups[i]), groups[i + 1]);
        Assert.Equal(expected, AvailableMemory.Now(root));

        Put("proc/self/limits", "Limit  Soft Limit  Hard Limit  Units\nMax address space  409600000  unlimited  bytes\n");
        Put("proc/self/status", "Name: x\nVmSize:\t  300000 kB\n");
        Assert.Equal(Math.Min(expected, 102_400_000), AvailableMemory.Now(root));
        Put("proc/self/limits", "Max data size  307200000  unlimited  bytes\nMax address space  unlimited  unlimited  bytes\n");
        Put("proc/self/status", "Name: x\nVmSize:\t  300000 kB\nVmData:\t  100000 kB\n");
        Assert.Equal(Math.Min(expected, 204_800_000), AvailableMemory.Now(root));
        Put("proc/self/limits", "Max address space  unlimited  unlimited  bytes\n");
        Assert.Equal(expected, AvailableMemory.Now(root));
    }

    [Fact]
    public void Where_the_system_does_not_tell_nothing_is_known() => Assert.Null(AvailableMemory.Now(workshop.Path("nowhere")));
}
