using System.Diagnostics;
using System.Text.Json.Nodes;
using SyncMcp.Telemetry;
using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Telemetry;

/// <summary>The built program, watched from outside: what it sends to a collector where the standard variables ask for it, and that it does nothing where none does.</summary>
public sealed class ExportTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly TempFolder folder = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_call_is_a_span_with_its_http_request_beneath_counted_and_told_with_its_correlation_id()
    {
        await using var collector = await Collector.StartAsync();
        await using var server = await StubServer.StartAsync();
        server.List("/workspaces", [new() { ["id"] = "default", ["name"] = "c4nary-name" }]);
        using var program = Start(new()
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Address.ToString(),
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            ["OTEL_RESOURCE_ATTRIBUTES"] = "deployment.environment=tests",
            ["SYNCMCP_URL"] = server.Address.ToString(),
            ["SYNCMCP_TOKEN"] = StubServer.Token,
        });

        await AskAsync(program, Frames.Request(1, "initialize", new() { ["protocolVersion"] = "2025-11-25", ["capabilities"] = new JsonObject(), ["clientInfo"] = new JsonObject { ["name"] = "t", ["version"] = "1" } }));
        var call = Frames.Call(2, "list_workspaces");
        call["params"]!["_meta"] = new JsonObject { ["traceparent"] = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01" };
        await AskAsync(program, call);
        await AskAsync(program, Frames.Call(3, "get_job", new() { ["job_id"] = "nothing", ["wrong"] = "c4nary-argument" }));
        program.StandardInput.Close();
        await program.WaitForExitAsync(Ct).WaitAsync(Patience, Ct);

        var (traces, metrics, logs) = (collector.All("/v1/traces"), collector.All("/v1/metrics"), collector.All("/v1/logs"));
        Assert.Equal(0, program.ExitCode);
        Assert.All(["tools/call list_workspaces", "mcp.method.name", "gen_ai.tool.name", "syncmcp.correlation_id", "invalid_arguments", "http.request.method", "deployment.environment"], text => Assert.Contains(text, traces, StringComparison.Ordinal));
        Assert.Contains(System.Text.Encoding.Latin1.GetString(Convert.FromHexString("0af7651916cd43dd8448eb211c80319c")), traces, StringComparison.Ordinal);
        Assert.All(["syncmcp.calls", "syncmcp.call.duration", "mcp.server.operation.duration", "http.client.request.duration", "invalid_arguments"], text => Assert.Contains(text, metrics, StringComparison.Ordinal));
        Assert.All(["CorrelationId", "list_workspaces", "invalid_arguments"], text => Assert.Contains(text, logs, StringComparison.Ordinal));
        Assert.All(collector.Received, request => Assert.DoesNotContain("c4nary", request.Text, StringComparison.Ordinal));
        Assert.All(collector.Received, request => Assert.DoesNotContain(StubServer.Token, request.Text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_a_variable_nothing_of_it_is_loaded()
    {
        if (!OperatingSystem.IsLinux())
            return;
        using var program = Start([]);
        await AskAsync(program, Frames.Request(1, "ping"));
        await AskAsync(program, Frames.Call(2, "find_operations"));
        var loaded = await File.ReadAllTextAsync($"/proc/{program.Id}/maps", Ct);
        program.StandardInput.Close();
        await program.WaitForExitAsync(Ct).WaitAsync(Patience, Ct);

        Assert.Contains("ModelContextProtocol.Core.dll", loaded, StringComparison.Ordinal); // the list shows assemblies
        Assert.DoesNotContain("OpenTelemetry", loaded, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_collector_that_is_not_there_makes_no_difference()
    {
        using var program = Start(new() { ["OTEL_EXPORTER_OTLP_ENDPOINT"] = "http://127.0.0.1:9", ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf" });
        await AskAsync(program, Frames.Request(1, "ping"));
        program.StandardInput.Close();
        var started = Stopwatch.GetTimestamp();
        await program.WaitForExitAsync(Ct).WaitAsync(Patience, Ct);

        Assert.Equal(0, program.ExitCode);
        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromSeconds(6));
    }

    [Theory]
    [InlineData("", false, false, false)]
    [InlineData("OTEL_SERVICE_NAME=x", false, false, false)]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT=http://a", true, true, true)]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT=http://a;OTEL_SDK_DISABLED=true", false, false, false)]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT=http://a;OTEL_METRICS_EXPORTER=none", true, false, true)]
    [InlineData("OTEL_TRACES_EXPORTER=otlp", true, false, false)]
    [InlineData("OTEL_TRACES_EXPORTER=console", false, false, false)]
    [InlineData("OTEL_EXPORTER_OTLP_LOGS_ENDPOINT=http://a", false, false, true)]
    public void The_standard_variables_ask_for_signals(string variables, bool traces, bool metrics, bool logs)
    {
        var given = variables.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(one => one.Split('=')).ToDictionary(one => one[0], one => one[1], StringComparer.Ordinal);

        Assert.Equal(new(traces, metrics, logs), Signals.Asked(name => given.GetValueOrDefault(name)));
    }

    private static async Task AskAsync(Process program, JsonObject message)
    {
        await program.StandardInput.WriteLineAsync(message.ToJsonString());
        await program.StandardInput.FlushAsync(Ct);
        Assert.NotNull(await program.StandardOutput.ReadLineAsync(Ct).AsTask().WaitAsync(Patience, Ct));
    }

    private Process Start(Dictionary<string, string> environment)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "syncmcp.exe" : "syncmcp"))
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var variable in Settings.OptionsReader.Variables.Concat(start.Environment.Keys.Where(name => name.StartsWith("OTEL_", StringComparison.Ordinal)).ToList()))
            start.Environment.Remove(variable);
        start.Environment["SYNCMCP_DATA"] = folder["data"];
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        var program = Process.Start(start)!;
        _ = program.StandardError.ReadToEndAsync(CancellationToken.None);
        return program;
    }
}
