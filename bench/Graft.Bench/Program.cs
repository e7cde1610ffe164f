using System.Globalization;
using System.Text.Json;
using Graft.Bench;

// What bench/run measures below the command line. Prints one line of JSON.
object result = args switch
{
    ["loader", string data, string workers, string epochs] => LoaderBench.Run(data, Number(workers), Number(epochs)),
    ["steps", string architecture, string weights, string batch, string steps] =>
        StepsBench.Run(architecture, weights, Number(batch), Number(steps)),
    _ => throw new ArgumentException("expected: loader DATA WORKERS EPOCHS, or steps ARCHITECTURE WEIGHTS BATCH STEPS"),
};
Console.WriteLine(JsonSerializer.Serialize(result));

static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
