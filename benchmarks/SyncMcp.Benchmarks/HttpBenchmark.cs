using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace SyncMcp.Benchmarks;

/// <summary>Calls a second over HTTP at 1 and 16 connections, contestants in turn in one run: ours behind all its filters, an echo tool on the bare SDK, a bare endpoint.</summary>
internal static class HttpBenchmark
{
    private const string Job = "00000000-0000-4000-8000-000000000001";
    private static readonly (string Name, string Kind, bool Stateless)[] Contestants =
    [
        ("echo, session", "echo", false), ("ours, session", "ours", false), ("echo, stateless", "echo", true), ("ours, stateless", "ours", true), ("bare endpoint", "bare", false),
    ];

    public static async Task<int> RunAsync(string[] args)
    {
        var (rounds, seconds) = (Options.Number(args, "--rounds", 5), Options.Number(args, "--seconds", 2));
        var only = Options.Text(args, "--only");
        var hosts = new List<(string Name, Process Process, byte[] Request, int Port)>();
        try
        {
            foreach (var (name, kind, stateless) in Contestants.Where(one => only is null || one.Name.EndsWith(only, StringComparison.Ordinal)))
                hosts.Add(await StartAsync(name, kind, stateless));
            Console.WriteLine($"calls a second, median of {rounds} rounds of {seconds} s in turn, {Environment.ProcessorCount} cores, clients on the same");
            Console.WriteLine($"{"",-18}{"1 connection",14}{"16",10}{"server's least µs of processor a call, 1 and 16",52}");
            var work = new Dictionary<(string Name, int Connections), List<double>>();
            var measured = new Dictionary<(string Name, int Connections), List<double>>();
            foreach (var connections in (int[])[1, 16])
            {
                foreach (var pair in hosts.Chunk(2)) // neighbours are compared: they take turns, so that what else the machine does meets both
                {
                    for (var round = 0; round <= rounds; round++)
                    {
                        foreach (var host in round % 2 == 0 ? pair : pair.Reverse())
                        {
                            var before = Work(host.Process);
                            var (calls, time) = await LoadAsync(host.Port, host.Request, connections, TimeSpan.FromSeconds(seconds));
                            if (round == 0) // warms up
                                continue;
                            Note(measured, (host.Name, connections), calls / time.TotalSeconds);
                            Note(work, (host.Name, connections), (Work(host.Process) - before).TotalMicroseconds / calls);
                        }
                    }
                }
            }

            foreach (var host in hosts)
                Console.WriteLine($"{host.Name,-18}{Median(measured[(host.Name, 1)]),14:N0}{Median(measured[(host.Name, 16)]),10:N0}{work[(host.Name, 1)].Min(),42:F0}{work[(host.Name, 16)].Min(),10:F0}");
            foreach (var mode in hosts.Select(host => host.Name).Where(name => name.StartsWith("ours", StringComparison.Ordinal)))
            {
                List<double> Ratios(int connections) => measured.GetValueOrDefault(("echo" + mode[4..], connections)) is { } echo ? [.. measured[(mode, connections)].Zip(echo, (ours, theirs) => ours / theirs)] : [];
                if (Ratios(1) is { Count: > 0 } one && Ratios(16) is var many)
                    Console.WriteLine($"{mode[6..],-18}{Median(one),14:F2}{Median(many),10:F2}  of the echo, pair by pair {one.Min():F2}..{one.Max():F2}, {many.Min():F2}..{many.Max():F2}; bar 0.75");
            }

            return 0;
        }
        finally
        {
            foreach (var host in hosts)
            {
                host.Process.StandardInput.Close();
                host.Process.WaitForExit(15_000);
            }
        }
    }

    private static void Note(Dictionary<(string, int), List<double>> all, (string, int) what, double value) => (all.TryGetValue(what, out var known) ? known : all[what] = []).Add(value);

    private static TimeSpan Work(Process process)
    {
        process.Refresh();
        return process.TotalProcessorTime;
    }

    private static double Median(List<double> rates) => rates.Order().ElementAt(rates.Count / 2);

    private static async Task<(string Name, Process Process, byte[] Request, int Port)> StartAsync(string name, string kind, bool stateless)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false };
        foreach (var word in (string[])[.. Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? [typeof(HttpBenchmark).Assembly.Location] : (string[])[], "http-host", kind, .. stateless ? (string[])["--stateless"] : []])
            start.ArgumentList.Add(word);
        // What the framework brings prebuilt is slow until it is compiled anew, which native programs do not know: without this the ratio is of something else.
        start.Environment["DOTNET_TieredCompilation"] = "1";
        var process = Process.Start(start)!;
        var said = (await process.StandardOutput.ReadLineAsync())!.Split(' ');
        var address = new Uri(said[0]);
        var headers = $"Host: localhost:{address.Port}\r\nContent-Type: application/json\r\nAccept: application/json, text/event-stream\r\n{(said[1] == "-" ? "" : $"Authorization: Bearer {said[1]}\r\n")}";
        var (tool, arguments) = kind == "ours" ? ("get_job", $$"""{"job_id":"{{Job}}"}""") : ("echo", """{"text":"hello"}""");
        var call = $$"""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"{{tool}}","arguments":{{arguments}}""";
        if (stateless)
        {
            headers += $"MCP-Protocol-Version: 2026-07-28\r\nMcp-Method: tools/call\r\nMcp-Name: {tool}\r\n";
            call += ""","_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientInfo":{"name":"bench","version":"1"},"io.modelcontextprotocol/clientCapabilities":{}}}}""";
        }
        else
        {
            call += "}}";
            if (kind != "bare")
                headers += $"Mcp-Session-Id: {await OpenAsync(address.Port, headers)}\r\n";
        }

        return (name, process, Request(headers, call), address.Port);
    }

    private static byte[] Request(string headers, string body) => Encoding.UTF8.GetBytes($"POST /mcp HTTP/1.1\r\n{headers}Content-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}");

    private static async Task<string> OpenAsync(int port, string headers)
    {
        using var connection = new Connection(port);
        var answer = await connection.AskAsync(Request(headers, """{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"bench","version":"1"}}}"""));
        const string Name = "Mcp-Session-Id: ";
        var at = answer.IndexOf(Name, StringComparison.OrdinalIgnoreCase) + Name.Length;
        return answer[at..answer.IndexOf('\r', at)];
    }

    private static async Task<(int Calls, TimeSpan Time)> LoadAsync(int port, byte[] request, int connections, TimeSpan time)
    {
        var begun = Stopwatch.GetTimestamp();
        var done = await Task.WhenAll(Enumerable.Range(0, connections).Select(_ => Task.Run(async () =>
        {
            using var connection = new Connection(port);
            var first = await connection.AskAsync(request);
            if (!first.StartsWith("HTTP/1.1 200", StringComparison.Ordinal) || !first.Contains("\"content\"", StringComparison.Ordinal) || first.Contains("\"isError\":true", StringComparison.Ordinal))
                throw new InvalidOperationException(first);
            var calls = 1;
            for (; Stopwatch.GetElapsedTime(begun) < time; calls++)
                await connection.SendAsync(request);
            return calls;
        })));
        return (done.Sum(), Stopwatch.GetElapsedTime(begun));
    }

    private sealed class Connection : IDisposable
    {
        private readonly Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        private readonly byte[] buffer = new byte[256 * 1024];

        public Connection(int port) => socket.Connect(IPAddress.Loopback, port);

        public async Task<string> AskAsync(byte[] request) => Encoding.UTF8.GetString(buffer, 0, await SendAsync(request));

        /// <summary>Sends, and reads to the end of the answer.</summary>
        public async ValueTask<int> SendAsync(byte[] request)
        {
            await socket.SendAsync(request);
            for (var (read, whole) = (0, -1); ;)
            {
                read += await socket.ReceiveAsync(buffer.AsMemory(read));
                if (whole < 0 && buffer.AsSpan(0, read).IndexOf("\r\n\r\n"u8) is >= 0 and var head)
                    whole = Length(buffer.AsSpan(0, head)) is { } length ? head + 4 + length : 0;
                if (whole > 0 ? read >= whole : whole == 0 && buffer.AsSpan(0, read).EndsWith("\r\n0\r\n\r\n"u8))
                    return read;
            }
        }

        public void Dispose() => socket.Dispose();

        private static int? Length(ReadOnlySpan<byte> head)
        {
            var at = head.IndexOf("Content-Length: "u8);
            if (at < 0)
                return null;
            var value = head[(at + 16)..];
            var end = value.IndexOf((byte)'\r');
            return int.Parse(end < 0 ? value : value[..end]);
        }
    }
}
