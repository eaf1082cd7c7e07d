using System.Diagnostics;
using System.Text;

namespace SyncMcp.Benchmarks.Bars;

/// <summary>A published server as its client has it: a process, and lines through its pipes. Blocking, so that the client costs as little as it can.</summary>
internal sealed class StdioProgram : IDisposable
{
    private const string Hello =
        """{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"bench","version":"1"}}}""";

    private readonly Process process;
    private readonly Stream input;
    private readonly Stream output;
    private readonly Stopwatch clock;
    private byte[] buffer = new byte[256 * 1024];
    private int held;

    private StdioProgram(Process process, Stopwatch clock) =>
        (this.process, input, output, this.clock) = (process, process.StandardInput.BaseStream, process.StandardOutput.BaseStream, clock);

    /// <summary>Resident memory now, in MB.</summary>
    public double Megabytes => Memory.ResidentMegabytes(process.Id);

    /// <summary>Most memory that it had, in MB.</summary>
    public double PeakMegabytes => Memory.PeakMegabytes(process.Id);

    /// <summary>Milliseconds since the start of the process.</summary>
    public double Age => clock.Elapsed.TotalMilliseconds;

    /// <summary>Starts it.</summary>
    /// <param name="program">Its file.</param>
    /// <param name="variables">More variables of its environment.</param>
    /// <param name="arguments">Words after it.</param>
    public static StdioProgram Start(string program, IReadOnlyDictionary<string, string>? variables, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("SYNCMCP_", StringComparison.Ordinal) || name.StartsWith("OTEL_", StringComparison.Ordinal)).ToList())
            start.Environment.Remove(name);
        foreach (var (name, value) in variables ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        var from = Stopwatch.StartNew();
        return new(Process.Start(start)!, from);
    }

    /// <summary>The handshake; its milliseconds from the start of the process.</summary>
    public double Initialize()
    {
        Send(Hello);
        Answer();
        var at = Age;
        Send("""{"jsonrpc":"2.0","method":"notifications/initialized"}""");
        return at;
    }

    /// <summary>The list of tools; milliseconds from the start of the process.</summary>
    public double List()
    {
        Ask("""{"jsonrpc":"2.0","id":2,"method":"tools/list"}""");
        return Age;
    }

    /// <summary>One call; its answer.</summary>
    public string Call(string tool, string arguments) => Ask(Request(tool, arguments, 3));

    /// <summary>So many calls, so many of them open at a time; seconds.</summary>
    public double Repeat(string tool, string arguments, int calls, int atOnce)
    {
        var request = Encoding.UTF8.GetBytes(Request(tool, arguments, 4) + "\n");
        var bundle = new MemoryStream();
        var begun = Stopwatch.GetTimestamp();
        var (sent, answered) = (0, 0);
        for (var room = atOnce; answered < calls;)
        {
            bundle.SetLength(0);
            for (; room > 0 && sent < calls; room--, sent++)
                bundle.Write(request);
            input.Write(bundle.GetBuffer(), 0, (int)bundle.Length);
            input.Flush();
            room += TakeAnswers(ref answered);
        }

        return Stopwatch.GetElapsedTime(begun).TotalSeconds;
    }

    /// <summary>Ends it as its client would.</summary>
    public void Dispose()
    {
        process.StandardInput.Close();
        if (!process.WaitForExit(15_000))
            process.Kill();
        process.Dispose();
    }

    private static string Request(string tool, string arguments, int id) =>
        $$$"""{"jsonrpc":"2.0","id":{{{id}}},"method":"tools/call","params":{"name":"{{{tool}}}","arguments":{{{arguments}}}}}""";

    private void Send(string line)
    {
        input.Write(Encoding.UTF8.GetBytes(line + "\n"));
        input.Flush();
    }

    private string Ask(string line)
    {
        Send(line);
        return Answer();
    }

    private string Answer()
    {
        while (true)
        {
            if (buffer.AsSpan(0, held).IndexOf((byte)'\n') is >= 0 and var end)
            {
                var line = buffer.AsSpan(0, end);
                Check(line);
                var text = Encoding.UTF8.GetString(line);
                held -= end + 1;
                buffer.AsSpan(end + 1, held).CopyTo(buffer);
                return text;
            }

            Read();
        }
    }

    // All whole lines of what one read brings.
    private int TakeAnswers(ref int answered)
    {
        Read();
        var (taken, from) = (0, 0);
        while (buffer.AsSpan(from, held - from).IndexOf((byte)'\n') is >= 0 and var end)
        {
            Check(buffer.AsSpan(from, end));
            (taken, from) = (taken + 1, from + end + 1);
        }

        held -= from;
        buffer.AsSpan(from, held).CopyTo(buffer);
        answered += taken;
        return taken;
    }

    private void Read()
    {
        if (held == buffer.Length)
            Array.Resize(ref buffer, buffer.Length * 2);
        var read = output.Read(buffer, held, buffer.Length - held);
        if (read == 0)
            throw new InvalidOperationException("the program ended: " + process.StandardError.ReadToEnd());
        held += read;
    }

    private static void Check(ReadOnlySpan<byte> line)
    {
        if (line.IndexOf("\"result\""u8) < 0 || line.IndexOf("\"isError\":true"u8) >= 0)
            throw new InvalidOperationException($"no answer but: {Encoding.UTF8.GetString(line[..Math.Min(line.Length, 2000)])}");
    }
}
