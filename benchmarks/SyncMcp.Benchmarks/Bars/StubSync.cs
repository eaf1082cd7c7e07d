using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace SyncMcp.Benchmarks.Bars;

/// <summary>A Sync server that costs as little as one can, in a process of its own (verb <c>stub</c>): a job of about 2 KB, lists of as many jobs as the path says.</summary>
internal sealed class StubSync : IDisposable
{
    /// <summary>The job's id.</summary>
    public const string Job = "00000000-0000-4000-8000-000000000001";

    private const string Base = "/api.rsc/v2";

    private readonly Process process;

    private StubSync(Process process, int port) => (this.process, Port) = (process, port);

    /// <summary>Where it listens, on this machine.</summary>
    public int Port { get; }

    /// <summary>The job as the bare loop asks for it.</summary>
    public Uri JobAddress => new($"http://127.0.0.1:{Port}{Base}/jobs/{Job}");

    /// <summary>Starts one.</summary>
    /// <param name="jobs">So many jobs it lists.</param>
    public static StubSync Start(int jobs)
    {
        string[] words = [.. Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? [typeof(StubSync).Assembly.Location] : (string[])[], "stub", jobs.ToString()];
        var started = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, words) { RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false })!;
        return new(started, int.Parse(started.StandardOutput.ReadLine()!));
    }

    /// <summary>What the process does, until its input ends.</summary>
    public static async Task<int> ServeAsync(int jobs)
    {
        var one = Answer(JobText(1));
        var list = Answer($$"""{"value":[{{string.Join(',', Enumerable.Range(1, jobs).Select(JobText))}}]}""");
        var workspaces = Answer("""{"value":[{"id":"default","name":"Default","is_default":true}]}""");
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(64);
        Console.Out.WriteLine(((IPEndPoint)listener.LocalEndPoint!).Port);
        _ = Task.Run(async () =>
        {
            while (true)
            {
                var connection = await listener.AcceptAsync();
                _ = Task.Run(() => ServeAsync(connection, path => path.StartsWith(Base + "/jobs/", StringComparison.Ordinal) ? one : path.Contains("/jobs", StringComparison.Ordinal) ? list : workspaces));
            }
        });
        await Console.In.ReadToEndAsync();
        return 0;
    }

    /// <summary>A job as servers print them, with settings, alerts, labels and a query's worth of text.</summary>
    public static string JobText(int number) => $$$"""
        {"id":"00000000-0000-4000-8000-{{{number:D12}}}","name":"Orders {{{number}}}","type":"Standard","status":"Active","description":"Nightly load of the shop's orders into the warehouse, with lines, discounts and shipping; owned by the data team, see the runbook.","labels":["shop","nightly","warehouse"],"source_connection":{"id":"10000000-0000-4000-8000-000000000001","name":"shop"},"destination_connection":{"id":"20000000-0000-4000-8000-000000000001","name":"warehouse"},"workspace_id":"default","created_at":"2026-01-02T03:04:05Z","updated_at":"2026-11-20T21:22:23Z","schedule":{"enabled":true,"cron":"0 2 * * *","type":"Daily","next_run":"2026-11-25T02:00:00Z"},"settings":{"batch_size":10000,"parallel_process":false,"worker_pool":4,"verbosity":"Info","drop_table":false,"truncate_table":false,"alter_schema":true,"skip_deleted":true,"full_refresh":false,"replicate_start_date":"2025-01-01","replicate_interval":180,"replicate_interval_unit":"Day","table_prefix":"shop_","destination_schema":"sales","enable_check_cache":false,"continue_on_error":true,"timeout":3600},"alerts":{"email_on_success":false,"email_on_error":true,"email_error_only":true,"recipients":["ops@example.com","data@example.com"],"subject":"Sync: {JobName} ended with {Status}"},"events":{"pre_job":"","post_job":""},"tasks":[{"id":"t1","name":"orders","table":"orders","query":"REPLICATE [orders] SELECT [id], [customer_id], [ordered_at], [state], [currency], [total] FROM [orders] WHERE [state] <> 'draft'","position":1,"enabled":true},{"id":"t2","name":"order_lines","table":"order_lines","query":"REPLICATE [order_lines]","position":2,"enabled":true},{"id":"t3","name":"customers","table":"customers","query":"REPLICATE [customers] EXCLUDE ([password_hash])","position":3,"enabled":true}],"last_run":{"id":"h-{{{number}}}","status":"Successful","started_at":"2026-11-24T02:00:01Z","finished_at":"2026-11-24T02:03:17Z","records_affected":18234}}
        """;

    public void Dispose()
    {
        process.StandardInput.Close();
        if (!process.WaitForExit(10_000))
            process.Kill();
        process.Dispose();
    }

    private static byte[] Answer(string body)
    {
        var bytes = Encoding.UTF8.GetBytes(body.Trim());
        return [.. Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: {bytes.Length}\r\n\r\n"), .. bytes];
    }

    private static async Task ServeAsync(Socket connection, Func<string, byte[]> answer)
    {
        connection.NoDelay = true;
        var buffer = new byte[16 * 1024];
        try
        {
            for (var held = 0; ;)
            {
                var read = await connection.ReceiveAsync(buffer.AsMemory(held));
                if (read == 0)
                    return;
                held += read;
                if (buffer.AsSpan(0, held).IndexOf("\r\n\r\n"u8) < 0)
                    continue;
                var line = buffer.AsSpan(0, buffer.AsSpan(0, held).IndexOf((byte)'\r'));
                var path = Encoding.ASCII.GetString(line[(line.IndexOf((byte)' ') + 1)..line.LastIndexOf((byte)' ')]);
                held = 0; // reads only: no body, and nobody sends ahead
                await connection.SendAsync(answer(path));
            }
        }
        catch (SocketException)
        {
            // It was the client's to close.
        }
        finally
        {
            connection.Dispose();
        }
    }
}
