namespace Graft.Cli.Tests;

public class ApplicationTests
{
    [Theory]
    [InlineData("--help")]
    [InlineData("-h")]
    [InlineData("help")]
    [InlineData]
    public void The_overview_names_every_verb(params string[] arguments)
    {
        (int code, string output, string error) = Shell.Run(arguments);
        Assert.Equal(ExitCode.Success, code);
        Assert.Empty(error);
        foreach (CommandEntry verb in Verbs.All) Assert.Contains($"\n  {verb.Name} ", output);
    }

    [Fact]
    public void Every_verb_has_help_with_usage_options_and_examples()
    {
        List<string[]> all = [.. Verbs.All.Select(verb => new[] { verb.Name })];
        foreach (CommandEntry verb in Verbs.All)
            all.AddRange(verb.Create().Verbs.Select(own => new[] { verb.Name, own.Name }));
        Assert.Contains(all, words => words.Length == 2);
        foreach (string[] words in all)
        {
            string name = string.Join(' ', words);
            (int code, string output, string error) = Shell.Run([.. words, "--help"]);
            Assert.Equal(ExitCode.Success, code);
            Assert.Empty(error);
            Assert.Equal(output, Shell.Run(["help", .. words]).Output);
            Assert.Contains($"Usage: graft {name}", output);
            Assert.Contains("\nExamples:\n", output);
            GraftCommand command = Verbs.All.Single(verb => verb.Name == words[0]).Create();
            if (words.Length > 1) command = command.Verbs.Single(verb => verb.Name == words[1]).Create();
            Assert.Equal(name, command.FullName);
            Assert.All(command.Options, option => Assert.Contains(option.Name, output));
            Assert.All(command.Options, option => Assert.False(string.IsNullOrEmpty(option.Description), option.Name));
            Assert.Equal(command.Options.Count, command.Sections.Sum(section => section.Options.Count));
            Assert.NotEmpty(command.Examples);
            Assert.All(command.Examples, example => Assert.StartsWith($"graft {name}", example.CommandLine));
            Assert.All(output.Split('\n'), line => Assert.True(line.Length <= 120, line));
        }
    }

    [Fact]
    public void The_version_is_one_line()
    {
        Assert.Equal((ExitCode.Success, $"graft {Application.Version}\n", ""), Shell.Run("--version"));
        Assert.Matches(@"^\d+\.\d+\.\d+$", Application.Version);
    }

    [Theory]
    [InlineData("graft: unknown command pixls. Did you mean pixels? See graft --help.\n", "pixls")]
    [InlineData("graft: unknown option --versoin. Did you mean --version? See graft --help.\n", "--versoin")]
    [InlineData("graft: probe: unknown option --nmber. Did you mean --number?{probe}", "probe", "--nmber", "3")]
    [InlineData("graft: probe: unknown option --nmber. Did you mean --number?{probe}", "probe", "--nmber=3")]
    [InlineData("graft: probe: --number: expected a whole number of at least 1, got 'x'.{probe}",
        "probe", "--number", "x")]
    [InlineData("graft: probe: --number: expected a whole number of at least 1, got '0'.{probe}",
        "probe", "--number", "0")]
    [InlineData("graft: probe: --real: expected a number from 0 to 1, got '2'.{probe}", "probe", "--real", "2")]
    [InlineData("graft: probe: --number needs a value: --number N.{probe}", "probe", "--number")]
    [InlineData("graft: probe: --number is given more than once.{probe}",
        "probe", "--number", "1", "--number", "2")]
    [InlineData("graft: probe: --choice: expected one of first, second, got 'secnd'. Did you mean second?{probe}",
        "probe", "--choice", "secnd")]
    [InlineData("graft: probe: --shape: expected N,C,H,W, such as 1,3,224,224, got '1,0'.{probe}",
        "probe", "--shape", "1,0")]
    [InlineData("graft: pixels: IMAGE is missing. See graft pixels --help.\n", "pixels")]
    public void A_wrong_command_line_is_one_line_and_code_2(string expected, params string[] arguments)
    {
        Assert.Equal((ExitCode.Usage, "", expected.Replace("{probe}", " See graft probe --help.\n")), Shell.Run(arguments));
    }

    [Theory]
    [InlineData("   False first none\n", "probe")]
    [InlineData("a+b 3 0.5 True second 1/3/8\n",
        "probe", "a", "--number", "3", "--real", "5e-1", "b", "--flag", "--choice", "second", "--shape=1,3,8")]
    [InlineData("a+true   True first none\n", "probe", "a", "--flag", "true")]
    [InlineData("a+--number   False first none\n", "probe", "a", "--", "--number")]
    [InlineData("@file   False first none\n", "probe", "@file")]
    public void Values_reach_the_command(string expected, params string[] arguments)
    {
        Assert.Equal((ExitCode.Success, expected, ""), Shell.Run(arguments));
    }

    [Theory]
    [InlineData("bad-file", ExitCode.Failure, "graft: a.bin: expected 3 bytes, got 2\n")]
    [InlineData("argument", ExitCode.Failure, "graft: no such thing\n")]
    [InlineData("cancel", ExitCode.Cancelled, "graft: stopped\n")]
    [InlineData("throw", ExitCode.Failure, "graft: unexpected NullReferenceException: of no use (--verbose shows where)\n")]
    public void A_failure_is_one_line(string what, int code, string expected)
    {
        Assert.Equal((code, "", expected), Shell.Run("probe", what));
    }

    [Fact]
    public void Verbose_shows_where_it_failed()
    {
        (int code, _, string error) = Shell.Run("probe", "throw", "--verbose");
        Assert.Equal(ExitCode.Failure, code);
        Assert.Contains("ProbeCommand.Run", error);
        Assert.EndsWith("\ngraft: unexpected NullReferenceException: of no use\n", error);
    }
}
