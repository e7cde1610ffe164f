using System.Reflection;

namespace Graft.Architecture.Tests;

/// <summary>
/// What each library shows to its users, held against <c>Api/*.txt</c>: a change of the public surface is seen in review.
/// <c>GRAFT_ACCEPT=1</c> writes the files anew.
/// </summary>
public class PublicApiTests
{
    static string Folder => Path.Combine(House.Root, "tests", "Graft.Architecture.Tests", "Api");

    public static TheoryData<string> Libraries => [.. House.Projects.Where(project => project != "Graft.Cli")];

    [Theory, MemberData(nameof(Libraries))]
    public void The_public_surface_is_the_accepted_one(string project)
    {
        IReadOnlyList<string> actual = PublicApi.Lines(Assembly.Load(project));
        string path = Path.Combine(Folder, project + ".txt");
        if (Environment.GetEnvironmentVariable("GRAFT_ACCEPT") == "1")
        {
            Directory.CreateDirectory(Folder);
            File.WriteAllText(path, string.Concat(actual.Select(line => line + "\n")));
        }
        Assert.SkipUnless(File.Exists(path),
            $"no snapshot yet: {House.Relative(path)}; GRAFT_ACCEPT=1 ./graft test PublicApi writes it");
        string[] accepted = File.ReadAllLines(path);
        string[] changes =
            [.. accepted.Except(actual).Select(line => "- " + line), .. actual.Except(accepted).Select(line => "+ " + line)];
        Assert.True(changes.Length == 0,
            $"The public surface of {project} changed. When that is meant, run: GRAFT_ACCEPT=1 ./graft test PublicApi\n" +
            string.Join("\n", changes));
    }
}
