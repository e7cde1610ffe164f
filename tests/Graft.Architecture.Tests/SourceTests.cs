using System.Reflection;
using System.Reflection.Metadata;
using System.Text.RegularExpressions;

namespace Graft.Architecture.Tests;

/// <summary>Habits of the source files that neither the compiler nor the formatter watches.</summary>
public partial class SourceTests
{
    const int MaximumLineLength = 130;

    [Theory, MemberData(nameof(House.EveryProject), MemberType = typeof(House))]
    public void Public_types_live_in_the_namespace_of_their_project(string project)
    {
        List<string> offenders = House.ReadMetadata(project, reader => reader.TypeDefinitions
            .Select(handle => reader.GetTypeDefinition(handle))
            .Where(type => (type.Attributes & TypeAttributes.VisibilityMask) == TypeAttributes.Public)
            .Select(type => reader.GetString(type.Namespace) + "." + reader.GetString(type.Name))
            .Where(name => OwnerOf(name) != project).ToList());
        House.AssertNone(offenders);
    }

    [Theory, MemberData(nameof(House.EveryProject), MemberType = typeof(House))]
    public void A_file_holds_one_public_type_in_a_file_scoped_namespace(string project)
    {
        List<string> offenders = [];
        foreach (string path in House.SourceFiles(Path.Combine("src", project)))
        {
            string text = File.ReadAllText(path);
            string[] types = [.. PublicType().Matches(text).Select(match => match.Groups["name"].Value).Distinct()];
            if (types.Length > 1) offenders.Add($"{House.Relative(path)}: {string.Join(", ", types)}");
            if (BlockNamespace().IsMatch(text)) offenders.Add($"{House.Relative(path)}: a namespace in braces");
        }
        House.AssertNone(offenders);
    }

    [Fact]
    public void No_line_is_too_long()
    {
        string[] patterns = ["*.cs", "*.cpp", "*.h", "*.py", "*.sh", "CMakeLists.txt"];
        List<string> offenders = [];
        foreach (string folder in (string[])["src", "tests", "native", "tools", "bench"])
            foreach (string path in patterns.SelectMany(pattern => House.SourceFiles(folder, pattern)))
            {
                int number = 0;
                foreach (string line in File.ReadLines(path))
                {
                    number++;
                    if (line.Length > MaximumLineLength)
                        offenders.Add($"{House.Relative(path)}:{number}: {line.Length} characters, limit {MaximumLineLength}");
                }
            }
        House.AssertNone(offenders);
    }

    /// <summary>The project whose namespace a full name falls into: the longest one that fits.</summary>
    static string? OwnerOf(string fullName) => House.Projects
        .Where(project => fullName.StartsWith(project + ".", StringComparison.Ordinal)).MaxBy(project => project.Length);

    // a type at the start of a line: within a file-scoped namespace that is a top-level one
    [GeneratedRegex(@"^public\s+(?:(?:static|sealed|abstract|partial|readonly|ref|unsafe|record|new)\s+)*" +
        @"(?:(?:class|struct|interface|enum)\s+|delegate\s+[^\s(]+\s+|(?<=record\s+))(?<name>\w+)", RegexOptions.Multiline)]
    private static partial Regex PublicType();

    [GeneratedRegex(@"^namespace\s+[\w.]+\s*\{?\s*$", RegexOptions.Multiline)]
    private static partial Regex BlockNamespace();
}
