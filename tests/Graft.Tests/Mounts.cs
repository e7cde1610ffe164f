using System.Diagnostics;

namespace Graft.Tests;

/// <summary>Small file systems in memory, where the tests run as root.</summary>
static class Mounts
{
    public static bool TryMountSmall(string folder, int kibibytes) =>
        Environment.IsPrivilegedProcess && Run("mount", "-t", "tmpfs", "-o", $"size={kibibytes}k", "graft-test", folder);

    public static void Unmount(string folder) => Run("umount", folder);

    static bool Run(string program, params string[] arguments)
    {
        try
        {
            var start = new ProcessStartInfo(program, arguments) { RedirectStandardError = true };
            using Process process = Process.Start(start)!;
            process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false; // there is no such program
        }
    }
}
