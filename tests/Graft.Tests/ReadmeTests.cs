namespace Graft.Tests;

/// <summary>The code that the README shows, compiled and run.</summary>
public sealed class ReadmeTests : IDisposable
{
    readonly Workshop workshop = new();

    public void Dispose() => workshop.Dispose();

    [Fact]
    public void The_library_example_runs()
    {
        workshop.Photos("photos");
        workshop.Model("resnet");
        workshop.Photo(0, 77, "what-is-it.png");
        string here = Environment.CurrentDirectory;
        TextWriter console = Console.Out;
        var printed = new StringWriter();
        Environment.CurrentDirectory = workshop.Root;
        Console.SetOut(printed);
        try
        {
            Example();
        }
        finally
        {
            Console.SetOut(console);
            Environment.CurrentDirectory = here;
        }
        string[] lines = printed.ToString().TrimEnd().Split('\n');
        Assert.Equal(4, lines.Length);
        Assert.StartsWith("accuracy ", lines[0]);
        Assert.Contains("what-is-it.png: ", lines[3]);
    }

    [Fact]
    public void The_readme_shows_that_very_example()
    {
        string readme = Path.Combine(SharedFiles.Repository, "README.md");
        string source = File.ReadAllText(
            Path.Combine(SharedFiles.Repository, "tests", "Graft.Tests", "ReadmeTests.cs"));
        const string Start = "// README: library", End = "// end";
        int from = source.LastIndexOf(Start + "\n", StringComparison.Ordinal) + Start.Length + 1;
        int to = source.IndexOf(End, from, StringComparison.Ordinal);
        IEnumerable<string> lines = source[from..to].TrimEnd().Split('\n').Select(line => line.Length > 8 ? line[8..] : "");
        string example = string.Join('\n', lines);
        Assert.True(example.Split('\n').Length <= 20);
        Assert.Contains("```csharp\nusing Graft;\n\n" + example + "\n```", File.ReadAllText(readme));
    }

    static void Example()
    {
        // README: library
        var job = new JobConfig
        {
            Data = "photos",   // one folder of images for each class
            Model = "resnet",  // a model's folder from Hugging Face or timm, or a weights file
            Epochs = 3,
        };
        TrainResult trained = FineTune.Run(job);
        Console.WriteLine($"accuracy {trained.Validation.Accuracy:P1}, the model lies in {trained.Folder}");

        using SavedModel model = SavedModel.Open(trained.Folder);
        EvaluationResult result = Evaluation.Run(model, "photos");
        foreach (ClassResult each in result.Classes)
            Console.WriteLine($"{each.Label}: F1 {each.F1:0.00} on {each.Images} images");

        ImagePrediction seen = model.Predict("what-is-it.png");
        Console.WriteLine($"{seen.Image}: {seen.Best.Label} ({seen.Best.Probability:P0})");
        // end
    }
}
