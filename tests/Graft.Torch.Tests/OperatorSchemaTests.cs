using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Graft.Torch;

namespace Graft.Torch.Tests;

public class OperatorSchemaTests
{
    [Fact]
    public void EveryDeclaredOperatorIsRegisteredWithThatSchema()
    {
        foreach (Type type in typeof(Operator).Assembly.GetTypes())
            if (type.GetFields(BindingFlags.Static | BindingFlags.NonPublic).Any(field => field.FieldType == typeof(Operator)))
                RuntimeHelpers.RunClassConstructor(type.TypeHandle);
        Assert.True(Operator.Declared.Count > 80, $"only {Operator.Declared.Count} operators were found");

        string[] wrong = [.. Operator.Declared
            .Where(op => !op.Name.Contains("no_such_operator"))
            .Where(op => !op.Exists || !Serves(op.RegisteredSchema(), op.Schema))
            .Select(op => $"declared {op.Schema}\nregistered {(op.Exists ? op.RegisteredSchema() : "nothing")}")];
        Assert.True(wrong.Length == 0, string.Join("\n", wrong));
    }

    [Fact]
    public void AnUnknownOperatorIsNamed()
    {
        var made = new Operator("aten::no_such_operator(Tensor self) -> Tensor");
        Assert.False(made.Exists);
        TorchException error = Assert.Throws<TorchException>(() => made.Call(1));
        Assert.Contains("aten::no_such_operator", error.Message);
    }

    [Theory]
    [InlineData("aten::f(Tensor self, int dim) -> Tensor",
        "aten::f(Tensor self, SymInt dim, *, bool keep=False) -> Tensor", true)]
    [InlineData("aten::f(Tensor self, int dim) -> Tensor", "aten::f(Tensor self, int dim, bool keep) -> Tensor", false)]
    [InlineData("aten::f(Tensor self, int dim) -> Tensor", "aten::f(Tensor self, int axis) -> Tensor", false)]
    [InlineData("aten::f(Tensor self, int dim) -> Tensor", "aten::f(int dim, Tensor self) -> Tensor", false)]
    [InlineData("aten::f(Tensor self) -> Tensor", "aten::f(Tensor self) -> (Tensor, Tensor)", false)]
    public void OnlyASchemaThatTakesOurArgumentsServes(string declared, string registered, bool serves) =>
        Assert.Equal(serves, Serves(registered, declared));

    /// <summary>Whether a call by the declared schema means the same by the registered one. Newer libtorch may add arguments with
    /// defaults at the end, and takes symbolic sizes and any Scalar where the older took whole numbers.</summary>
    static bool Serves(string registered, string declared)
    {
        (string[] theirs, string theirResults) = Parts(registered);
        (string[] ours, string ourResults) = Parts(declared);
        return theirResults == ourResults && theirs.Length >= ours.Length &&
            ours.Zip(theirs).All(pair => WithoutDefault(pair.First) == WithoutDefault(pair.Second)) &&
            theirs.Skip(ours.Length).All(extra => extra.Contains('='));
    }

    static (string[] Arguments, string Results) Parts(string schema)
    {
        schema = schema.Replace("SymInt", "int");
        schema = Regex.Replace(schema, @"int\[\d+\]", "int[]");
        schema = Regex.Replace(schema, @"\([a-z](!| -> \*)?\)", "");
        schema = Regex.Replace(schema, @"(?<=[ (])(Scalar|int|float)\?", "number?");
        Match match = Regex.Match(schema, @"^[\w:.]+\((.*)\) -> (.*)$");
        Assert.True(match.Success, schema);
        string[] arguments = [.. Regex.Split(match.Groups[1].Value, @",\s*(?![^\[]*\])")
            .Where(argument => argument is not ("*" or ""))];
        string results = Regex.Replace(match.Groups[2].Value, @"(Tensor(?:\[\])?) \w+", "$1");
        return (arguments, results);
    }

    static string WithoutDefault(string argument) => argument.Split('=')[0];
}
