using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;

namespace Graft.Architecture.Tests;

/// <summary>Writes what an assembly shows to its users as sorted lines of text.</summary>
static class PublicApi
{
    const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    public static IReadOnlyList<string> Lines(Assembly assembly)
    {
        List<string> lines = [];
        foreach (Type type in assembly.GetExportedTypes().OrderBy(type => type.FullName, StringComparer.Ordinal))
        {
            lines.Add(Describe(type));
            lines.AddRange(type.GetMembers(Declared).Select(Describe).OfType<string>()
                .Distinct().Order(StringComparer.Ordinal).Select(line => "    " + line));
        }
        return lines;
    }

    static string Describe(Type type)
    {
        string kind = type.IsEnum ? "enum" : type.IsInterface ? "interface" : type.IsSubclassOf(typeof(Delegate)) ? "delegate"
            : type.IsValueType ? "struct" : type is { IsAbstract: true, IsSealed: true } ? "static class"
            : type.IsAbstract ? "abstract class" : type.IsSealed ? "sealed class" : "class";
        IEnumerable<string> parents = type.GetInterfaces().Where(parent => parent.IsPublic).Select(Name)
            .Order(StringComparer.Ordinal);
        if (type.BaseType is { } parent && parent != typeof(object) && parent != typeof(ValueType) && !type.IsEnum)
            parents = parents.Prepend(Name(parent));
        string list = type.IsEnum || kind == "delegate" ? "" : string.Join(", ", parents);
        return $"{kind} {Name(type)}{(list.Length > 0 ? " : " + list : "")}";
    }

    static string? Describe(MemberInfo member)
    {
        switch (member)
        {
            case FieldInfo field when IsVisible(field.Attributes):
                if (field.DeclaringType!.IsEnum)
                    return field.IsLiteral ? $"{field.Name} = {Convert.ToInt64(field.GetRawConstantValue())}" : null;
                string word = field.IsLiteral ? "const " : field.IsStatic ? "static " : "";
                return $"{word}{(field.IsInitOnly ? "readonly " : "")}{Name(field.FieldType)} {field.Name}";
            case ConstructorInfo constructor when IsVisible(constructor.Attributes) && !constructor.IsStatic:
                return $"{Visibility(constructor)}new({Parameters(constructor)})";
            // what the compiler makes for every record says nothing
            case MethodInfo method when method.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false):
                return null;
            case MethodInfo method when IsVisible(method.Attributes) && !IsAccessor(method) && !method.Name.Contains('<'):
                string generic = !method.IsGenericMethod ? ""
                    : $"<{string.Join(", ", method.GetGenericArguments().Select(Name))}>";
                string words = Visibility(method) + Modifier(method) + Name(method.ReturnType);
                return $"{words} {method.Name}{generic}({Parameters(method)})";
            case PropertyInfo property:
                MethodInfo? get = property.GetMethod, set = property.SetMethod;
                bool shown = get is not null && IsVisible(get.Attributes);
                bool settable = set is not null && IsVisible(set.Attributes);
                if (!shown && !settable) return null;
                bool init = settable &&
                    set!.ReturnParameter.GetRequiredCustomModifiers().Any(type => type.Name == "IsExternalInit");
                string accessors = (shown ? " get;" : "") + (settable ? init ? " init;" : " set;" : "");
                ParameterInfo[] index = property.GetIndexParameters();
                string name = index.Length > 0 ? $"this[{string.Join(", ", index.Select(Describe))}]" : property.Name;
                MethodInfo accessor = shown ? get! : set!;
                return $"{Visibility(accessor)}{Modifier(accessor)}{Name(property.PropertyType)} {name} {{{accessors} }}";
            case EventInfo happening when IsVisible(happening.AddMethod!.Attributes):
                return $"event {Name(happening.EventHandlerType!)} {happening.Name}";
            default:
                return null;
        }
    }

    static bool IsAccessor(MethodInfo method) =>
        method.IsSpecialName && method.Name.Split('_')[0] is "get" or "set" or "add" or "remove";

    static bool IsVisible(MethodAttributes attributes) =>
        (attributes & MethodAttributes.MemberAccessMask)
            is MethodAttributes.Public or MethodAttributes.Family or MethodAttributes.FamORAssem;

    static bool IsVisible(FieldAttributes attributes) =>
        (attributes & FieldAttributes.FieldAccessMask)
            is FieldAttributes.Public or FieldAttributes.Family or FieldAttributes.FamORAssem;

    static string Visibility(MethodBase method) => method.IsPublic ? "" : "protected ";

    static string Modifier(MethodInfo method) =>
        method.IsStatic ? "static " : method.IsAbstract ? "abstract " : method.IsVirtual && !method.IsFinal ? "virtual " : "";

    static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(Describe));

    static string Describe(ParameterInfo parameter)
    {
        string value = !parameter.HasDefaultValue ? "" : " = " + parameter.RawDefaultValue switch
        {
            null => "default",
            string text => $"\"{text}\"",
            bool flag => flag ? "true" : "false",
            IFormattable number => number.ToString(null, System.Globalization.CultureInfo.InvariantCulture),
            object other => other.ToString(),
        };
        string how = parameter.IsOut ? "out " : parameter.IsIn ? "in " : parameter.ParameterType.IsByRef ? "ref "
            : parameter.IsDefined(typeof(ParamArrayAttribute)) ? "params " : "";
        return $"{how}{Name(parameter.ParameterType)} {parameter.Name}{value}";
    }

    static string Name(Type type)
    {
        if (type.IsByRef) return Name(type.GetElementType()!);
        if (type.IsPointer) return Name(type.GetElementType()!) + "*";
        if (type.IsArray) return $"{Name(type.GetElementType()!)}[{new string(',', type.GetArrayRank() - 1)}]";
        if (type.IsGenericParameter) return type.Name;
        if (Nullable.GetUnderlyingType(type) is { } inner) return Name(inner) + "?";
        if (Keywords.TryGetValue(type, out string? keyword)) return keyword;
        StringBuilder name = new();
        string plain = type.Name.Contains('`') ? type.Name[..type.Name.IndexOf('`')] : type.Name;
        if (type.IsNested) name.Append(Name(type.DeclaringType!)).Append('.').Append(plain);
        else name.Append(type.Namespace == "System" || type.Namespace?.StartsWith("System.", StringComparison.Ordinal) == true
            ? plain : $"{type.Namespace}.{plain}");
        if (type.IsGenericType) name.Append('<').AppendJoin(", ", type.GetGenericArguments().Select(Name)).Append('>');
        return name.ToString();
    }

    static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(void)] = "void",
        [typeof(bool)] = "bool",
        [typeof(byte)] = "byte",
        [typeof(int)] = "int",
        [typeof(uint)] = "uint",
        [typeof(long)] = "long",
        [typeof(ulong)] = "ulong",
        [typeof(float)] = "float",
        [typeof(double)] = "double",
        [typeof(string)] = "string",
        [typeof(object)] = "object",
    };
}
