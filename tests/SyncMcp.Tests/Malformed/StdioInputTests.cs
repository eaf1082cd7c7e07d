using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Malformed;

/// <summary>
/// Thousands of malformed lines into one running program: it never ends, answers within two seconds whatever came before, writes nothing but messages of
/// the protocol, and its memory stays level. A small number here; .ci/proof malformed has the large one.
/// </summary>
public sealed class StdioInputTests : IDisposable
{
    private const int Group = 25;
    private static readonly TimeSpan NoHang = TimeSpan.FromSeconds(2);

    private readonly TempFolder folder = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static int Number(string variable, int otherwise) => int.TryParse(Environment.GetEnvironmentVariable(variable), out var number) ? number : otherwise;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Nothing_that_is_sent_ends_it_holds_it_up_or_fills_its_memory()
    {
        var (count, seed) = (Number("SYNCMCP_INPUTS", 3_000), Number("SYNCMCP_SEED", 20261124));
        await using var server = await StubServer.StartAsync();
        using var program = Start(server.Address);
        var answers = Channel.CreateUnbounded<JsonObject>();
        var reading = ReadAsync(program, answers.Writer);
        var inputs = new MalformedInputs(seed);
        var (slowest, early) = (TimeSpan.Zero, 0L);
        await ProbeAsync(program, answers.Reader, "the start is no hang");

        for (var sent = 0; sent < count; sent += Group)
        {
            for (var one = 0; one < Group; one++)
            {
                await program.StandardInput.BaseStream.WriteAsync(inputs.NextLine(), Ct);
                program.StandardInput.BaseStream.WriteByte((byte)'\n');
            }

            var took = await ProbeAsync(program, answers.Reader, $"probe {sent}");
            Assert.True(took < NoHang * Slack, $"after {sent} inputs of seed {seed} an answer took {took}");
            slowest = took > slowest ? took : slowest;
            if (early == 0 && sent >= count / 5)
                early = Memory(program);
        }

        var late = Memory(program);
        program.StandardInput.Close();
        await program.WaitForExitAsync(Ct).WaitAsync(SyncSession.Patience, Ct);
        var lines = await reading.WaitAsync(SyncSession.Patience, Ct);
        TestContext.Current.SendDiagnosticMessage("{0} inputs of seed {1}: {2} lines answered, slowest {3:0} ms, memory {4} MB after a fifth, {5} MB at the end", count, seed, lines, slowest.TotalMilliseconds, early >> 20, late >> 20);
        TestContext.Current.TestOutputHelper?.WriteLine($"{count} inputs of seed {seed}: {lines} lines answered, slowest {slowest.TotalMilliseconds:0} ms, memory {early >> 20} MB after a fifth, {late >> 20} MB at the end");

        Assert.Equal(0, program.ExitCode);
        Assert.True(lines > count / 4, $"only {lines} lines were answered");
        Assert.InRange(late - early, long.MinValue, 64L << 20);
    }

    // A machine that many share stalls by itself; the proof runs alone.
    private static int Slack => Environment.GetEnvironmentVariable("SYNCMCP_INPUTS") is null ? 10 : 1;

    private static async Task<TimeSpan> ProbeAsync(Process program, ChannelReader<JsonObject> answers, string id)
    {
        var begun = Stopwatch.GetTimestamp();
        var probe = new JsonObject { ["jsonrpc"] = "2.0", ["id"] = id, ["method"] = "tools/call", ["params"] = new JsonObject { ["name"] = "find_operations" } };
        await program.StandardInput.BaseStream.WriteAsync(Encoding.UTF8.GetBytes(probe.ToJsonString() + "\n"), Ct);
        await program.StandardInput.BaseStream.FlushAsync(Ct);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        patience.CancelAfter(SyncSession.Patience);
        while (await answers.ReadAsync(patience.Token) is { } answer)
        {
            if (answer["id"] is JsonValue value && value.GetValueKind() == JsonValueKind.String && value.GetValue<string>() == id)
                return Stopwatch.GetElapsedTime(begun);
        }

        throw new InvalidOperationException("no answer");
    }

    // Every line is a message, or this fails.
    private static async Task<int> ReadAsync(Process program, ChannelWriter<JsonObject> answers)
    {
        var lines = 0;
        try
        {
            while (await program.StandardOutput.ReadLineAsync(CancellationToken.None) is { } line)
            {
                var message = JsonNode.Parse(line)!.AsObject();
                Assert.Equal("2.0", (string?)message["jsonrpc"]);
                lines++;
                await answers.WriteAsync(message, CancellationToken.None);
            }

            answers.Complete(new EndOfStreamException("the program has ended"));
        }
        catch (Exception ex)
        {
            answers.Complete(ex);
            throw;
        }

        return lines;
    }

    private static long Memory(Process program)
    {
        program.Refresh();
        return program.WorkingSet64;
    }

    private Process Start(Uri server)
    {
        var program = Environment.GetEnvironmentVariable("SYNCMCP_PROGRAM") is { Length: > 0 } given ? given : Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "syncmcp.exe" : "syncmcp");
        var start = new ProcessStartInfo(program) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var variable in Settings.OptionsReader.Variables)
            start.Environment.Remove(variable);
        start.Environment["SYNCMCP_DATA"] = folder["data"];
        start.Environment["SYNCMCP_URL"] = server.ToString();
        start.Environment["SYNCMCP_TOKEN"] = StubServer.Token;
        var started = Process.Start(start)!;
        _ = started.StandardError.ReadToEndAsync(CancellationToken.None);
        return started;
    }
}
