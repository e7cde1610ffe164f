using System.Reflection.Metadata;
using System.Xml.Linq;

namespace Graft.Architecture.Tests;

/// <summary>The law of the floors, held against what the compiler made and against what the project files say.</summary>
public class FloorTests
{
    [Fact]
    public void Every_project_has_a_floor_and_a_test_project()
    {
        string[] found = [.. Directory.GetDirectories(Path.Combine(House.Root, "src"))
            .Where(folder => Directory.GetFiles(folder, "*.csproj").Length > 0)
            .Select(folder => Path.GetFileName(folder)).Order()];
        Assert.Equal(House.Projects.Order(), found);
        foreach (string project in found)
        {
            string tests = Path.Combine(House.Root, "tests", project + ".Tests", project + ".Tests.csproj");
            Assert.True(File.Exists(tests), $"{project} has no tests: {House.Relative(tests)} is missing");
        }
    }

    [Fact]
    public void Every_project_is_in_the_solution()
    {
        XDocument solution = XDocument.Load(Path.Combine(House.Root, "Graft.slnx"));
        IEnumerable<string> listed = solution.Descendants("Project").Select(item => (string)item.Attribute("Path")!);
        IEnumerable<string> present = House.SourceFiles("src", "*.csproj").Concat(House.SourceFiles("tests", "*.csproj"))
            .Select(path => House.Relative(path).Replace('\\', '/'));
        Assert.Equal(present.Order(), listed.Where(path => path.StartsWith("src/") || path.StartsWith("tests/")).Order());
    }

    [Theory, MemberData(nameof(House.EveryProject), MemberType = typeof(House))]
    public void An_assembly_references_only_lower_floors(string project)
    {
        string[] references = House.ReadMetadata(project, reader => reader.AssemblyReferences
            .Select(handle => reader.GetString(reader.GetAssemblyReference(handle).Name)).ToArray());
        Assert.NotEmpty(references);
        AssertLower(project, references.Select(House.ProjectOf).OfType<string>());
    }

    [Theory, MemberData(nameof(House.EveryProject), MemberType = typeof(House))]
    public void A_project_file_references_only_lower_floors(string project) => AssertLower(project, ProjectReferences(project));

    static IEnumerable<string> ProjectReferences(string project) =>
        XDocument.Load(Path.Combine(House.ProjectFolder(project), project + ".csproj"))
            .Descendants("ProjectReference")
            .Select(item => Path.GetFileNameWithoutExtension((string)item.Attribute("Include")!));

    static void AssertLower(string project, IEnumerable<string> references)
    {
        foreach (string reference in references)
            Assert.True(House.Floors[reference] < House.Floors[project],
                $"{project} (floor {House.Floors[project]}) references " +
                $"{reference} (floor {House.Floors[reference]}), which isn't lower");
    }
}
