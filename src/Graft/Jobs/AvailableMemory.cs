using System.Globalization;

namespace Graft;

/// <summary>
/// How much more memory this process may take: what the system has left, what the control groups that it is in allow (version 1
/// and 2), and what is left of its data and its address space where these are limited.
/// </summary>
static class AvailableMemory
{
    /// <summary>Bytes; null where the system does not tell.</summary>
    /// <param name="root">where <c>proc</c> and <c>sys</c> lie</param>
    public static long? Now(string root = "/")
    {
        long? left = null;
        foreach (long? bound in (long?[])[
            System(root), Limit(root, "Max address space", "VmSize:"), Limit(root, "Max data size", "VmData:"),
            .. ControlGroups(root),
        ])
            if (bound is { } bytes && !(left < bytes)) left = Math.Max(0, bytes);
        return left;
    }

    static long? System(string root) => Field(Path.Combine(root, "proc/meminfo"), "MemAvailable:") * 1024;

    static long? Limit(string root, string limit, string used) =>
        Field(Path.Combine(root, "proc/self/limits"), limit) - Field(Path.Combine(root, "proc/self/status"), used) * 1024;

    static IEnumerable<long?> ControlGroups(string root)
    {
        foreach (string line in Lines(Path.Combine(root, "proc/self/cgroup")))
        {
            string[] parts = line.Split(':', 3); // number:controllers:path
            if (parts.Length < 3) continue;
            string mount = Path.Combine(root, "sys/fs/cgroup"), own = parts[2].Trim('/');
            if (parts[0] == "0")
                foreach (string group in Upwards(mount, own))
                    yield return Left(group, "memory.max", "memory.current", "inactive_file ");
            else if (parts[1].Split(',').Contains("memory"))
                foreach (string group in Upwards(Path.Combine(mount, "memory"), own))
                    yield return Left(group, "memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file ");
        }
    }

    // a container often sees its own group at the root
    static IEnumerable<string> Upwards(string mount, string group)
    {
        for (; group.Length > 0; group = Path.GetDirectoryName(group) ?? "") yield return Path.Combine(mount, group);
        yield return mount;
    }

    // files that were read and are not in use make room when it is needed
    static long? Left(string group, string limit, string usage, string reclaimable) =>
        Field(Path.Combine(group, limit), "") - Field(Path.Combine(group, usage), "") +
        (Field(Path.Combine(group, "memory.stat"), reclaimable) ?? 0);

    /// <summary>The number after a name that a line begins with; null where there is none: no limit.</summary>
    static long? Field(string path, string name)
    {
        foreach (string line in Lines(path))
        {
            if (!line.StartsWith(name, StringComparison.Ordinal)) continue;
            string word = line[name.Length..].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).FirstOrDefault("");
            return long.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : null;
        }
        return null;
    }

    static string[] Lines(string path)
    {
        try
        {
            return File.ReadAllLines(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
