using System.Text.Json.Nodes;
using SyncMcp.Client;
using SyncMcp.Commands;
using SyncMcp.Commands.Demo;
using SyncMcp.Engine;

namespace SyncMcp.Tests.Commands;

/// <summary>What only the operator does: approve, allow, baseline, audit list.</summary>
public sealed class OperatorCommandTests : IDisposable
{
    private readonly Shell shell = new();

    public void Dispose() => shell.Dispose();

    [Fact]
    public async Task What_was_approved_at_the_terminal_passes_once_and_nothing_else_does()
    {
        await shell.RunAsync("call", "create_workspace", """{"name": "old"}""");
        var code = await CodeAsync("delete_workspace", """{"workspace_id": "old"}""");

        shell.Typed = "delete old\n";
        Assert.Equal(ExitCode.Done, (await shell.RunAsync("approve", code)).Exit);
        Assert.Contains("\"old\"", shell.Asked.ToString(), StringComparison.Ordinal);
        Assert.Equal(ExitCode.NotDone, (await shell.RunAsync("approve", code)).Exit);

        shell.Typed = null;
        Assert.Equal(ExitCode.NotDone, (await shell.RunAsync("call", "delete_workspace", """{"workspace_id": "default"}""")).Exit);
        Assert.Equal(ExitCode.Done, (await shell.RunAsync("call", "delete_workspace", """{"workspace_id": "old"}""")).Exit);
    }

    [Theory]
    [InlineData("y\n")]
    [InlineData("delete it\n")]
    [InlineData("\n")]
    [InlineData("")]
    public async Task Anything_but_the_phrase_approves_nothing(string typed)
    {
        await shell.RunAsync("call", "create_workspace", """{"name": "old"}""");
        var code = await CodeAsync("delete_workspace", """{"workspace_id": "old"}""");
        shell.Typed = typed;
        Assert.Equal(ExitCode.NotDone, (await shell.RunAsync("approve", code)).Exit);
        shell.Typed = null;
        Assert.Equal(ExitCode.NotDone, (await shell.RunAsync("call", "delete_workspace", """{"workspace_id": "old"}""")).Exit);
    }

    [Fact]
    public async Task Approving_takes_a_person_at_a_terminal_and_a_code_that_waits()
    {
        var (exit, _, error) = await shell.RunAsync("approve", "ABCDEFGH");
        Assert.Equal(ExitCode.NotDone, exit);
        Assert.Contains("terminal", error, StringComparison.Ordinal);
        shell.Typed = "y\n";
        Assert.Contains("no question waits", (await shell.RunAsync("approve", "ABCDEFGH")).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_is_reached_while_it_is_allowed_and_no_longer()
    {
        Directory.CreateDirectory(shell["data of mine"]);
        Database.Execute(Path.Combine(shell["data of mine"], "a.db"), "CREATE TABLE t (id INTEGER PRIMARY KEY)");
        var properties = new JsonObject { ["name"] = "mine", ["connector"] = "SQLite", ["properties"] = new JsonObject { ["Data Source"] = Path.Combine(shell["data of mine"], "a.db") } };
        Assert.Equal(ExitCode.Done, (await shell.RunAsync("call", "create_connection", properties.ToJsonString())).Exit);
        async Task<int> TablesAsync() => (await shell.RunAsync("call", "list_connection_tables", """{"connection_id": "mine"}""")).Exit;
        Assert.Equal(ExitCode.NotDone, await TablesAsync());

        Assert.Contains("terminal", (await shell.RunAsync("allow", shell["data of mine"], "--read-only")).Error, StringComparison.Ordinal);
        Assert.Equal(ExitCode.NotDone, await TablesAsync());
        shell.Typed = "";
        Assert.Equal(ExitCode.Done, (await shell.RunAsync("allow", shell["data of mine"], "--read-only")).Exit);
        shell.Typed = null;
        Assert.Equal(ExitCode.Done, await TablesAsync());
        Assert.Contains($"{shell["data of mine"]}  read\n", (await shell.RunAsync("allow")).Out.ReplaceLineEndings("\n"), StringComparison.Ordinal);

        shell.Typed = "";
        Assert.Equal(ExitCode.Done, (await shell.RunAsync("allow", shell["data of mine"], "--remove")).Exit);
        shell.Typed = null;
        Assert.Equal(ExitCode.NotDone, await TablesAsync());
    }

    [Fact]
    public async Task Folders_that_hold_syncmcps_own_files_and_folders_that_are_not_there_are_not_allowed()
    {
        Directory.CreateDirectory(shell.Data);
        shell.Typed = "";
        foreach (var folder in new[] { shell.Operator, shell.Data, Path.GetDirectoryName(shell.Operator)!, Path.GetPathRoot(shell.Data)!, shell["absent"] })
        {
            var (exit, _, error) = await shell.RunAsync("allow", folder);
            Assert.True(exit == ExitCode.NotDone, folder);
            Assert.NotEmpty(error);
        }

        Assert.False(File.Exists(Path.Combine(shell.Operator, "allowed.json")));
    }

    [Fact]
    public async Task A_baseline_lets_what_was_there_run_and_is_taken_once()
    {
        await MakeJobThatDropsTablesAsync();
        Assert.Equal(ExitCode.NotDone, (await shell.RunAsync("call", "execute_job", """{"job_id": "nightly"}""")).Exit);
        Assert.Contains("terminal", (await shell.RunAsync("baseline")).Error, StringComparison.Ordinal);

        shell.Typed = "n\n";
        Assert.Equal(ExitCode.NotDone, (await shell.RunAsync("baseline")).Exit);
        shell.Typed = "y\n";
        Assert.Equal(ExitCode.Done, (await shell.RunAsync("baseline")).Exit);
        Assert.Contains("1 job:", shell.Asked.ToString(), StringComparison.Ordinal);

        shell.Typed = null;
        Assert.Equal(ExitCode.Done, (await shell.RunAsync("call", "execute_job", """{"job_id": "nightly"}""")).Exit);
        shell.Typed = "y\n";
        Assert.Contains("recorded before", (await shell.RunAsync("baseline")).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_baseline_takes_transformations_pipelines_and_events_too()
    {
        await MakeJobThatDropsTablesAsync(async (client, job, place) =>
        {
            var ct = TestContext.Current.CancellationToken;
            var net = await client.Transformations.CreateAsync(new() { Name = "net", DestinationConnection = new() { Id = place }, Trigger = new() { Type = "AfterJob", AfterJob = job } }, ct: ct);
            await client.Transformations.AddTaskAsync(new() { TransformationId = net.Id, Query = "UPDATE t SET id = id" }, ct: ct);
            var line = await client.Pipelines.CreateAsync(new() { Name = "line" }, ct: ct);
            var report = await client.Events.CreateAsync(new() { PipelineId = line.Id, Name = "report", Script = "log(1)" }, ct: ct);
            await client.Pipelines.CreateStepAsync(new() { PipelineId = line.Id, Type = "Replication", Entity = new() { Id = job } }, ct: ct);
            await client.Pipelines.CreateStepAsync(new() { PipelineId = line.Id, Type = "Event", Entity = new() { Id = report.Id } }, ct: ct);
        });
        Assert.Equal(ExitCode.NotDone, (await shell.RunAsync("call", "execute_pipeline", """{"pipeline_id": "line"}""")).Exit);

        shell.Typed = "y\n";
        Assert.Equal(ExitCode.Done, (await shell.RunAsync("baseline")).Exit);
        Assert.Contains("1 job, 1 transformation, 1 pipeline, 1 event", shell.Asked.ToString(), StringComparison.Ordinal);

        shell.Typed = null;
        Assert.Equal(ExitCode.Done, (await shell.RunAsync("call", "execute_pipeline", """{"pipeline_id": "line"}""")).Exit);
    }

    [Fact]
    public async Task After_syncmcp_has_written_there_is_no_baseline()
    {
        await shell.RunAsync("call", "create_workspace", """{"name": "new"}""");
        shell.Typed = "y\n";
        var (exit, _, error) = await shell.RunAsync("baseline");
        Assert.Equal(ExitCode.NotDone, exit);
        Assert.Contains("changed things", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_audit_log_is_listed_and_a_changed_line_shows()
    {
        await shell.RunAsync("call", "create_workspace", """{"name": "new"}""");
        await shell.RunAsync("call", "delete_workspace", """{"workspace_id": "new"}""");
        var (exit, text, _) = await shell.RunAsync("audit", "list");
        Assert.Equal(ExitCode.Done, exit);
        Assert.Contains("create_workspace [W] 'new': executed", text, StringComparison.Ordinal);
        Assert.Contains("delete_workspace [X]: not_executed (confirmation_unavailable)", text, StringComparison.Ordinal);

        var log = Path.Combine(shell.Data, "audit", "audit.jsonl");
        var ct = TestContext.Current.CancellationToken;
        await File.WriteAllTextAsync(log, (await File.ReadAllTextAsync(log, ct)).Replace("delete_workspace", "update_workspace", StringComparison.Ordinal), ct);
        var (changed, _, error) = await shell.RunAsync("audit", "list");
        Assert.Equal(ExitCode.NotDone, changed);
        Assert.Contains("was changed", error, StringComparison.Ordinal);
    }

    private async Task<string> CodeAsync(string tool, string arguments)
    {
        var (exit, output, _) = await shell.RunAsync("call", tool, arguments);
        Assert.Equal(ExitCode.NotDone, exit);
        return JsonNode.Parse(output)!["details"]!["approval_code"]!.GetValue<string>();
    }

    // As an installation that was there before syncmcp.
    private async Task MakeJobThatDropsTablesAsync(Func<SyncClient, string, string, Task>? more = null)
    {
        var ct = TestContext.Current.CancellationToken;
        await using var engine = await EngineHost.StartAsync(new() { DataDirectory = shell.Data, Port = 0 }, ct);
        var files = Path.Combine(shell.Data, "files");
        Database.Execute(Path.Combine(files, "a.db"), "CREATE TABLE t (id INTEGER PRIMARY KEY); INSERT INTO t VALUES (1), (2)");
        using var client = new SyncClient(new() { Server = new($"http://127.0.0.1:{engine.Port}"), Token = _ => ValueTask.FromResult<string?>(engine.Token) });
        var from = await client.Connections.CreateAsync(new() { Name = "from", Connector = "SQLite", Properties = new() { ["Data Source"] = "a.db" } }, ct: ct);
        var to = await client.Connections.CreateAsync(new() { Name = "to", Connector = "SQLite", Properties = new() { ["Data Source"] = "b.db" } }, ct: ct);
        var job = await client.Jobs.CreateAsync(new()
        {
            Name = "nightly",
            SourceConnection = new() { Id = from.Id },
            DestinationConnection = new() { Id = to.Id },
            Settings = new() { DropTable = true },
        }, ct: ct);
        await client.Jobs.AddTaskAsync(new() { JobId = job.Id, Table = "t" }, ct: ct);
        if (more is not null)
            await more(client, job.Id, to.Id);
    }
}
