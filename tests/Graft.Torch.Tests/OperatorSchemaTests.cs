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
            .Where(op => !op.Exists || Normal(op.RegisteredSchema()) != Normal(op.Schema))
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

    /// <summary>What differs from libtorch to libtorch without a difference in meaning: symbolic sizes and the spelling of lists.</summary>
    static string Normal(string schema)
    {
        schema = schema.Replace("SymInt", "int");
        schema = Regex.Replace(schema, @"int\[\d+\]", "int[]");
        schema = Regex.Replace(schema, @"\(a(!?)( -> \*)?\)|\([a-z]!?\)", "");
        schema = Regex.Replace(schema, @"=\[[\d, ]*\]|=None|=(True|False)|=-?[\d.e-]+|=""?'?[a-zA-Z_]*'?""?", "");
        schema = Regex.Replace(schema, @"(?<=-> \(?)Tensor \w+|(?<=-> \(Tensor, )Tensor \w+", "Tensor");
        return schema.Replace(" ", "");
    }
}
