using System.Globalization;
using System.Text.Json;
using Graft.Bench;
using Graft.Torch;

// What bench/run measures below the command line. Prints one line of JSON.
object result = args switch
{
    ["loader", string data, string workers, string epochs] => LoaderBench.Run(data, Number(workers), Number(epochs)),
    ["loader", string data, string workers, string epochs, "autoaugment"] =>
        LoaderBench.Run(data, Number(workers), Number(epochs), autoAugment: true),
    ["stages", string data] => StagesBench.Run(data),
    ["pixels", string image] => PixelsBench.Run(image),
    ["steps", string architecture, string weights, string batch, string steps] =>
        StepsBench.Run(architecture, weights, Number(batch), Number(steps), DType.Float32),
    ["steps", string architecture, string weights, string batch, string steps, "bf16"] =>
        StepsBench.Run(architecture, weights, Number(batch), Number(steps), DType.BFloat16),
    ["precision", string architectures, string batch, string steps, string threads] =>
        PrecisionBench.Run(architectures, Number(batch), Number(steps), Number(threads)),
    ["load", string weights, string architecture] => LoadBench.Run(weights, architecture, reads: false),
    ["load", string weights, string architecture, "read"] => LoadBench.Run(weights, architecture, reads: true),
    ["parquet", string file] => ParquetBench.Run(file),
    ["optimisers", string seeds] => OptimisersBench.Run(table: null, Number(seeds)),
    ["optimisers", string seeds, string table] => OptimisersBench.Run(table, Number(seeds)),
    _ => throw new ArgumentException(
        "expected: loader DATA WORKERS EPOCHS [autoaugment], stages DATA, pixels IMAGE, "
        + "steps ARCHITECTURE WEIGHTS BATCH STEPS [bf16], precision ARCHITECTURES BATCH STEPS THREADS, "
        + "load WEIGHTS ARCHITECTURE [read], parquet FILE, "
        + "or optimisers SEEDS [fastai_timm.csv]"),
};
Console.WriteLine(JsonSerializer.Serialize(result));

static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
