using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Graft.Interop;

/// <summary>
/// Finds Graft's own native libraries: in <c>GRAFT_NATIVE</c>, beside the program, or in <c>build/native</c> of a checkout.
/// Compiled into each project that has a native half.
/// </summary>
static class NativeLibraryResolver
{
#pragma warning disable CA2255 // a module initializer is the one place that is sure to run before the first P/Invoke
    [ModuleInitializer]
    internal static void Register() =>
        NativeLibrary.SetDllImportResolver(typeof(NativeLibraryResolver).Assembly, Resolve);
#pragma warning restore CA2255

    static nint Resolve(string name, Assembly assembly, DllImportSearchPath? search)
    {
        if (!name.StartsWith("graft_", StringComparison.Ordinal)) return 0;
        string file = $"lib{name}.so";
        foreach (string folder in Folders())
        {
            string path = Path.Combine(folder, file);
            if (File.Exists(path)) return NativeLibrary.Load(path);
        }
        throw new DllNotFoundException(
            $"{file}: not found beside the program or in build/native. " +
            "Run ./graft once to build it, or set GRAFT_NATIVE to its folder.");
    }

    static IEnumerable<string> Folders()
    {
        if (Environment.GetEnvironmentVariable("GRAFT_NATIVE") is { Length: > 0 } set) yield return set;
        yield return AppContext.BaseDirectory;
        for (string? at = AppContext.BaseDirectory; at is not null; at = Path.GetDirectoryName(at))
            if (File.Exists(Path.Combine(at, "Graft.slnx"))) yield return Path.Combine(at, "build", "native");
    }
}
