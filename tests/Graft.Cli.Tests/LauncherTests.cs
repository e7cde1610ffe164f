using System.Diagnostics;
using Graft.Tests;

namespace Graft.Cli.Tests;

/// <summary>The launcher at the repository's root. Only from <c>graft test</c>, which has built everything before.</summary>
public class LauncherTests
{
    static string Launcher
    {
        get
        {
            string? path = Environment.GetEnvironmentVariable("GRAFT_LAUNCHER");
            if (string.IsNullOrEmpty(path)) Assert.Skip("not started by graft test");
            return path!;
        }
    }

    [Fact]
    public void It_runs_the_program_from_any_folder_and_passes_the_exit_code()
    {
        using TemporaryFolder folder = new();
        Assert.Equal((0, $"graft {Application.Version}\n"), Start(Launcher, folder.Root, "--version"));
        Assert.Equal(ExitCode.Usage, Start(Launcher, folder.Root, "nonsense").Code);
    }

    [Fact]
    public void It_is_found_through_links_with_spaces_in_their_names()
    {
        using TemporaryFolder folder = new();
        File.CreateSymbolicLink(folder.Path("the launcher"), Launcher);
        Directory.CreateDirectory(folder.Path("a b"));
        File.CreateSymbolicLink(folder.Path("a b", "graft"), "../the launcher");
        Assert.Equal((0, $"graft {Application.Version}\n"), Start(folder.Path("a b", "graft"), "/", "--version"));
    }

    [Fact]
    public void The_list_of_packages_is_plain()
    {
        Assert.Contains("libtorch-dev", Packages("debian-packages.txt"));
        Assert.Contains("chromium", Packages("debian-packages-tests.txt"));

        static string[] Packages(string list)
        {
            string[] packages = [.. File.ReadAllLines(Path.Combine(SharedFiles.Repository, "tools", list))
                .Where(line => line.Length > 0 && !line.StartsWith('#'))];
            Assert.All(packages, package => Assert.Matches("^[a-z0-9][a-z0-9+.-]+$", package));
            return packages;
        }
    }

    static (int Code, string Output) Start(string program, string folder, params string[] arguments)
    {
        ProcessStartInfo start = new(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        _ = error.Result;
        return (process.ExitCode, output);
    }
}
