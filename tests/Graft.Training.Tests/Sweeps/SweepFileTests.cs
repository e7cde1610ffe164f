namespace Graft.Training.Tests;

public class SweepFileTests
{
    const string Whole = """
        program: train.py
        name: flowers
        description: which rate?
        project: vision
        entity: us
        method: bayes
        metric:
          name: valid_loss
          goal: maximize
          target: 0.95
        parameters:
          epochs:
            value: 3
          batch_size:
            values: [16, 32, 64]
          model_name:
            values: [resnet18, "50", true, null, [1, a]]
            probabilities: [0.5, 0.2, 0.1, 0.1, 0.1]
          layers: {min: 1, max: 4}
          dropout: {min: 0, max: 0.5}
          learning_rate: {distribution: log_uniform_values, min: 1e-5, max: 1E-1}
          optimizer:
            parameters:
              momentum: {distribution: beta, a: 5, b: 2}
        early_terminate:
          type: hyperband
          max_iter: 27
          s: 2
          strict: true
        run_cap: 40
        command: ["${env}", python, "${program}", "${args}"]
        """;

    [Fact]
    public void Every_key_is_read()
    {
        SweepConfig sweep = SweepFile.Parse(Whole);
        Assert.Equal(("train.py", "flowers", "which rate?", "vision", "us"),
            (sweep.Program, sweep.Name, sweep.Description, sweep.Project, sweep.Entity));
        Assert.Equal(SweepMethod.Bayes, sweep.Method);
        Assert.Equal(new SweepMetric("valid_loss") { Goal = SweepGoal.Maximize, Target = 0.95 }, sweep.Metric);
        Assert.Equal(40, sweep.RunCap);
        Assert.Equal(["${env}", "python", "${program}", "${args}"], sweep.Command!);
        Assert.Equal(new Hyperband { MaxIterations = 27, Brackets = 2, Strict = true }, sweep.EarlyTermination);
        IReadOnlyList<SweepParameter> all = sweep.Space.Parameters;
        Assert.Equal(["epochs", "batch_size", "model_name", "layers", "dropout", "learning_rate", "optimizer/momentum"],
            all.Select(one => one.Name));
        Assert.Equal(SweepValue.Of(3), Assert.IsType<SweepConstant>(all[0]).Value);
        Assert.Equal(["16", "32", "64"], Assert.IsType<SweepChoice>(all[1]).Values.Select(value => value.ToString()));
        Assert.Equal(["Text resnet18", "Text 50", "Boolean true", "Null null", "Structure [1,\"a\"]"],
            Assert.IsType<SweepChoice>(all[2]).Values.Select(value => $"{value.Kind} {value}"));
        Assert.Equal(
            [SweepDistribution.IntUniform, SweepDistribution.Uniform, SweepDistribution.LogUniformValues, SweepDistribution.Beta],
            all.Skip(3).Select(one => Assert.IsType<SweepRange>(one).Distribution));
        SweepRange rate = (SweepRange)all[5];
        Assert.Equal((1e-5, 0.1), (rate.Minimum, rate.Maximum)); // 1e-5 is a number, with or without a dot
    }

    [Fact]
    public void What_is_not_given_has_its_default()
    {
        SweepConfig sweep = SweepFile.Parse("method: random\nparameters:\n  a: {values: [1]}\n  b: {distribution: q_normal}");
        Assert.Null(sweep.Metric);
        Assert.Null(sweep.EarlyTermination);
        Assert.Null(sweep.RunCap);
        Assert.Null(sweep.Program);
        Assert.Equal(1, ((SweepRange)sweep.Space.Parameters[1]).Quantum);
        SweepConfig other = SweepFile.Parse(
            "method: tpe\nmetric: {name: loss}\nparameters: {a: {min: 1.0, max: 3}}\n"
            + "early_terminate: {type: hyperband, min_iter: 2}");
        Assert.Equal(new SweepMetric("loss") { Goal = SweepGoal.Minimize, Target = null }, other.Metric);
        Assert.Equal(SweepDistribution.Uniform, ((SweepRange)other.Space.Parameters[0]).Distribution);
        Assert.Equal(new Hyperband { MinIterations = 2, Eta = 3, Strict = false }, other.EarlyTermination);
    }

    [Theory]
    [InlineData("1e-5", 1e-5)]
    [InlineData("1E-5", 1e-5)]
    [InlineData("-2.5e+3", -2500)]
    [InlineData(".5", 0.5)]
    [InlineData("1_000", 1000)]
    public void Numbers_are_numbers(string text, double value) => Assert.Equal(SweepValue.Of(value),
        ((SweepConstant)SweepFile.Parse($"method: grid\nparameters: {{a: {{value: {text}}}}}").Space.Parameters[0]).Value);

    [Theory]
    [InlineData("method: bays", 1, "method: expected one of grid, random, bayes, tpe, found 'bays'. Did you mean bayes")]
    [InlineData("name: a\nmethods: grid", 2, "no key is named 'methods'; expected one of program, name, description, project, "
        + "entity, method, metric, parameters, early_terminate, run_cap, command. Did you mean method")]
    [InlineData("name: a", 1, "method is missing; expected grid, random, bayes or tpe")]
    [InlineData("- a", 1, "expected keys and values, such as method: bayes; found a list")]
    [InlineData("a: b: c", 1, "not YAML: ")]
    [InlineData("method: grid\nmethod: grid", 2, "not YAML: ")]
    [InlineData("method: random\nparameters:", 2,
        "parameters: expected keys and values, such as lr: {min: 0.001, max: 0.1}; found nothing")]
    [InlineData("method: random\nparameters: {}", 2, "parameters: expected at least one parameter")]
    [InlineData("method: bayes\nparameters: {a: {values: [1]}}", 1,
        "method: bayes needs a metric, such as metric: {name: valid_loss}")]
    [InlineData("method: bayes\nmetric: {name: a, gaol: minimize}", 2, "metric: no key is named 'gaol'; expected one of name, "
        + "goal, target. Did you mean goal", "parameters: {a: {values: [1]}}")]
    [InlineData("method: bayes\nmetric: {name: a, goal: minimise}", 2,
        "metric.goal: expected one of minimize, maximize, found 'minimise'. Did you mean minimize",
        "parameters: {a: {values: [1]}}")]
    [InlineData("run_cap: 0", 1, "run_cap: expected at least 1, found '0'", Rest)]
    [InlineData("run_cap: 2.5", 1, "run_cap: expected a whole number, found '2.5'", Rest)]
    [InlineData("run_cap: many", 1, "run_cap: expected a number, found 'many'", Rest)]
    [InlineData("command: python", 1, "command: expected a list, such as [1, 2]; found 'python'", Rest)]
    [InlineData("command:\n- python\n- ${arg}", 3, "command: no word is named '${arg}'; expected one of ${env}, ${interpreter}, "
        + "${program}, ${args}, ${args_no_boolean_flags}, ${args_no_hyphens}, ${args_json}, ${args_json_file}, ${envvar:NAME}. "
        + "Did you mean args", Rest)]
    [InlineData("early_terminate: {type: hyperband, min_iter: 3}", 1,
        "early_terminate: needs a metric, such as metric: {name: valid_loss}", Rest)]
    [InlineData("early_terminate: {type: hyperband}", 1,
        "early_terminate: hyperband: expected min_iter, or max_iter and s", Rest)]
    [InlineData("early_terminate: {type: hyperband, max_iter: 9}", 1,
        "early_terminate.max_iter: hyperband with max_iter needs s, the number of bands", Rest)]
    [InlineData("early_terminate: {type: hyperband, max_iter: 2, s: 1}", 1,
        "early_terminate: hyperband: max_iter 2, s 1 and eta 3 make no band; raise max_iter or s", Rest)]
    [InlineData("early_terminate: {type: hyperband, min_iter: 2, eta: 1}", 1,
        "early_terminate.eta: expected more than 1, found '1'", Rest)]
    [InlineData("early_terminate: {type: asha, strict: true}", 1, "early_terminate.strict: has no meaning for asha", Rest)]
    public void What_is_wrong_is_said_with_its_line(string text, int line, string problem, string rest = "")
    {
        InvalidDataException error = Assert.Throws<InvalidDataException>(() => SweepFile.Parse(text + "\n" + rest, "my.yaml"));
        Assert.StartsWith($"my.yaml line {line}: {problem}", error.Message);
        Assert.DoesNotContain('\n', error.Message);
        Assert.EndsWith(".", error.Message);
    }

    const string Rest = "method: random\nparameters: {a: {values: [1]}}";

    [Theory]
    [InlineData("{mim: 1, max: 2}", "no key is named 'mim'; expected one of value, values, probabilities, distribution, min, "
        + "max, mu, sigma, a, b, q, parameters. Did you mean min")]
    [InlineData("{distribution: log_unifrom, min: 1, max: 2}", ".distribution: expected one of")]
    [InlineData("0.1", "expected keys and values, such as value: 1, values: [1, 2] or min: 0, max: 1; found '0.1'")]
    [InlineData("{}", "expected value, values, min and max, or distribution; found nothing")]
    [InlineData("{min: 1}", "expected value, values, min and max, or distribution; found min")]
    [InlineData("{min: 2, max: 1}", "p: expected min <= max, found min 2 and max 1")]
    [InlineData("{min: low, max: 1}", ".min: expected a number, found 'low'")]
    [InlineData("{min: 0, max: 1, distribution: log_uniform_values}", "p: expected min > 0 for a logarithm, found 0")]
    [InlineData("{min: 1e-5, max: 1000, distribution: log_uniform}",
        "p: expected exponents of e as min and max, found a max of 1000")]
    [InlineData("{distribution: log_uniform, min: 1}", "max is missing; log_uniform takes min and max")]
    [InlineData("{distribution: int_uniform, min: 1, max: 2.5}", "p: int_uniform: expected whole numbers as min and max")]
    [InlineData("{distribution: normal, sigma: 0}", "p: expected sigma > 0, found 0")]
    [InlineData("{distribution: q_normal, q: 0}", "p: expected q > 0, found 0")]
    [InlineData("{distribution: beta, a: -1}", "p: expected a > 0, found -1")]
    [InlineData("{distribution: normal, min: 0}", ".min: has no meaning for normal, which takes mu and sigma")]
    [InlineData("{min: 0, max: 1, q: 0.1}", ".q: has no meaning for int_uniform, which takes min and max")]
    [InlineData("{value: 1, values: [1]}", ".values: has no meaning for constant, which takes value")]
    [InlineData("{values: 3}", ".values: expected a list, such as [1, 2]; found '3'")]
    [InlineData("{values: []}", ".values: expected at least one value")]
    [InlineData("{values: [1, 2], probabilities: [0.5]}",
        ".probabilities: p: expected a probability for each of 2 values, found 1")]
    [InlineData("{values: [1, 2], probabilities: [0.5, 0.2]}",
        ".probabilities: p: expected probabilities that sum to 1, found 0.7")]
    [InlineData("{values: [1, 2], probabilities: [1.5, -0.5]}",
        ".probabilities: p: expected probabilities from 0 to 1, found -0.5")]
    [InlineData("{parameters: {b: {value: 1}}, value: 3}", "parameters within a parameter stand alone, without value")]
    [InlineData("{parameters: {b: {min: 1}}}", ".parameters.b: expected value, values, min and max, or distribution; found min")]
    public void A_wrong_parameter_is_said_with_its_line(string parameter, string problem)
    {
        InvalidDataException error = Assert.Throws<InvalidDataException>(
            () => SweepFile.Parse($"method: random\nparameters:\n  ok: {{value: 1}}\n  p: {parameter}\n"));
        string expected = "sweep.yaml line 4: parameters.p" + (problem[0] == '.' ? problem : ": " + problem);
        Assert.StartsWith(expected, error.Message);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Theory]
    [InlineData("{min: 0.0, max: 1}", "a grid needs values, whole numbers or q_uniform; use random or bayes for any number")]
    [InlineData("{distribution: q_normal}",
        "a grid needs values, whole numbers or q_uniform; use random or bayes for any number")]
    [InlineData("{values: [1, 2], probabilities: [0.5, 0.5]}",
        "a grid takes every value once, so probabilities have no meaning; use random or bayes")]
    public void A_grid_is_refused_what_has_none(string parameter, string problem)
    {
        InvalidDataException error = Assert.Throws<InvalidDataException>(
            () => SweepFile.Parse($"method: grid\nparameters:\n  p: {parameter}\n"));
        Assert.Equal($"sweep.yaml line 3: parameters.p: {problem}.", error.Message);
    }

    [Fact]
    public void Nothing_at_all_and_no_file_are_said_too()
    {
        Assert.Equal("sweep.yaml: expected a sweep, found nothing.",
            Assert.Throws<InvalidDataException>(() => SweepFile.Parse("")).Message);
        Assert.Throws<FileNotFoundException>(() => SweepFile.Read("/nowhere/sweep.yaml"));
    }
}
