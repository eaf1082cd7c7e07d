using System.Runtime.InteropServices;

namespace SyncMcp.Benchmarks;

internal static partial class Memory
{
    /// <summary>Peak resident memory of a process (Linux); 0 when it has ended.</summary>
    public static double PeakMegabytes(int process) => Status(process, "VmHWM:");

    /// <summary>Resident memory of a process now (Linux); 0 when it has ended.</summary>
    public static double ResidentMegabytes(int process) => Status(process, "VmRSS:");

    private static double Status(int process, string name)
    {
        try
        {
            var line = File.ReadLines($"/proc/{process}/status").FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal));
            return line is null ? 0 : long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]) / 1024.0;
        }
        catch (IOException)
        {
            return 0;
        }
    }

    /// <summary>Processor seconds of the children that have ended: unlike the clock, hardly moved by what else runs.</summary>
    public static double ChildrenCpuSeconds()
    {
        var usage = new long[18];
        const int children = -1;
        return getrusage(children, usage) == 0 ? usage[0] + usage[2] + ((usage[1] + usage[3]) / 1e6) : 0;
    }

    [LibraryImport("libc")]
    private static partial int getrusage(int who, [Out] long[] usage);
}
