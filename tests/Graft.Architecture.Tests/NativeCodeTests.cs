using System.Reflection;
using System.Reflection.Metadata;

namespace Graft.Architecture.Tests;

/// <summary>Native code has two doors, and native memory is never freed by hoping for the garbage collector.</summary>
public class NativeCodeTests
{
    [Theory, MemberData(nameof(House.EveryProject), MemberType = typeof(House))]
    public void Native_functions_are_declared_only_in_the_two_interop_namespaces(string project)
    {
        List<string> offenders = House.ReadMetadata(project, reader => reader.MethodDefinitions
            .Select(handle => reader.GetMethodDefinition(handle))
            .Where(method => method.Attributes.HasFlag(MethodAttributes.PinvokeImpl))
            .Select(method => NamespaceOf(reader, method.GetDeclaringType()) + ": " + reader.GetString(method.Name))
            .Where(name => !House.WithNativeHalf.Contains(project) ||
                !name.StartsWith(project + ".Interop:", StringComparison.Ordinal))
            .ToList());
        House.AssertNone(offenders);
    }

    [Theory, MemberData(nameof(House.EveryProject), MemberType = typeof(House))]
    public void The_interop_namespaces_are_internal(string project)
    {
        List<string> offenders = House.ReadMetadata(project, reader => reader.TypeDefinitions
            .Select(handle => reader.GetTypeDefinition(handle))
            .Where(type => (type.Attributes & TypeAttributes.VisibilityMask) == TypeAttributes.Public)
            .Where(type => reader.GetString(type.Namespace).Split('.').Contains("Interop"))
            .Select(type => reader.GetString(type.Name)).ToList());
        House.AssertNone(offenders);
    }

    [Theory, MemberData(nameof(House.EveryProject), MemberType = typeof(House))]
    public void Nobody_calls_the_garbage_collector(string project)
    {
        bool calls = House.ReadMetadata(project, reader => reader.MemberReferences
            .Select(handle => reader.GetMemberReference(handle))
            .Where(member => reader.GetString(member.Name) == "Collect" && member.Parent.Kind == HandleKind.TypeReference)
            .Select(member => reader.GetTypeReference((TypeReferenceHandle)member.Parent))
            .Any(type => reader.GetString(type.Name) == "GC" && reader.GetString(type.Namespace) == "System"));
        Assert.False(calls, $"{project} calls GC.Collect: dispose what is native instead");
    }

    static string NamespaceOf(MetadataReader reader, TypeDefinitionHandle handle)
    {
        TypeDefinition type = reader.GetTypeDefinition(handle);
        while (!type.GetDeclaringType().IsNil) type = reader.GetTypeDefinition(type.GetDeclaringType());
        return reader.GetString(type.Namespace);
    }
}
