using System.Globalization;
using System.Text.Json;
using Graft.Bench;

// What bench/run measures below the command line. Prints one line of JSON.
object result = args switch
{
    ["loader", string data, string workers, string epochs] => LoaderBench.Run(data, Number(workers), Number(epochs)),
    ["loader", string data, string workers, string epochs, "autoaugment"] =>
        LoaderBench.Run(data, Number(workers), Number(epochs), autoAugment: true),
    ["stages", string data] => StagesBench.Run(data),
    ["pixels", string image] => PixelsBench.Run(image),
    ["steps", string architecture, string weights, string batch, string steps] =>
        StepsBench.Run(architecture, weights, Number(batch), Number(steps)),
    ["load", string weights, string architecture] => LoadBench.Run(weights, architecture, reads: false),
    ["load", string weights, string architecture, "read"] => LoadBench.Run(weights, architecture, reads: true),
    _ => throw new ArgumentException(
        "expected: loader DATA WORKERS EPOCHS [autoaugment], stages DATA, pixels IMAGE, "
        + "steps ARCHITECTURE WEIGHTS BATCH STEPS, or load WEIGHTS ARCHITECTURE [read]"),
};
Console.WriteLine(JsonSerializer.Serialize(result));

static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
