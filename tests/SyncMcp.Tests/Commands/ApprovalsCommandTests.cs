using System.Text.Json.Nodes;
using SyncMcp.Commands;
using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Commands;

/// <summary><c>syncmcp approvals</c> and <c>syncmcp policy explain</c>: the operator looks at what may run, takes it back, and asks what would happen.</summary>
public sealed class ApprovalsCommandTests : IDisposable
{
    private readonly Shell shell = new();

    public void Dispose() => shell.Dispose();

    [Fact]
    public async Task An_approval_is_listed_shown_and_taken_back_and_then_the_next_run_asks()
    {
        await MakeAsync(dropTable: false);
        Assert.Equal(ExitCode.Done, (await CallAsync("execute_job", """{"job_id": "nightly"}""")).Exit); // plain
        var (_, listed, _) = await shell.RunAsync("approvals", "list");
        Assert.Contains("job 'nightly'", listed, StringComparison.Ordinal);
        Assert.Contains("plain, run by stdio", listed, StringComparison.Ordinal);
        Assert.Contains("SQLite Data Source=a.db to SQLite Data Source=b.db", listed, StringComparison.Ordinal);
        var shown = JsonNode.Parse((await shell.RunAsync("approvals", "show", "nightly")).Out)!;
        Assert.Equal("t", (string?)shown["definition"]!["tasks"]![0]!["table"]);

        shell.Typed = "n\n";
        Assert.Equal(ExitCode.NotDone, (await shell.RunAsync("approvals", "revoke", "nightly")).Exit);
        Assert.Equal(ExitCode.Done, (await CallAsync("execute_job", """{"job_id": "nightly"}""")).Exit);
        shell.Typed = "y\n";
        Assert.Equal(ExitCode.Done, (await shell.RunAsync("approvals", "revoke", "nightly")).Exit);
        Assert.Equal(ExitCode.NotDone, (await shell.RunAsync("approvals", "revoke", "other")).Exit);

        // Neither approved nor plain again.
        Assert.Contains("REVOKED", (await shell.RunAsync("approvals", "list")).Out, StringComparison.Ordinal);
        var (exit, refused, _) = await CallAsync("execute_job", """{"job_id": "nightly"}""");
        Assert.Equal(ExitCode.NotDone, exit);
        Assert.Contains("took its approval back", refused, StringComparison.Ordinal);

        // Until somebody approves it anew.
        var code = JsonNode.Parse(refused)!["details"]!["approval_code"]!.GetValue<string>();
        shell.Typed = JsonNode.Parse(refused)!["details"]!["question"]!.ToString().Length > 0 ? "run nightly\ny\n" : "";
        var approved = await shell.RunAsync("approve", code);
        if (approved.Exit != ExitCode.Done)
        {
            shell.Typed = "y\n";
            approved = await shell.RunAsync("approve", code);
        }

        Assert.Equal(ExitCode.Done, approved.Exit);
        Assert.Equal(ExitCode.Done, (await CallAsync("execute_job", """{"job_id": "nightly"}""")).Exit);
        Assert.Equal(ExitCode.Done, (await CallAsync("execute_job", """{"job_id": "nightly"}""")).Exit);
        Assert.Contains("terminal, by stdio", (await shell.RunAsync("approvals", "list")).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_approvals_of_a_server_are_taken_back_at_once()
    {
        await MakeAsync(dropTable: false);
        await CallAsync("execute_job", """{"job_id": "nightly"}""");
        shell.Typed = "y\n";
        Assert.Equal(ExitCode.Usage, (await shell.RunAsync("approvals", "revoke")).Exit);
        Assert.Equal(ExitCode.Usage, (await shell.RunAsync("approvals", "revoke", "nightly", "--all")).Exit);
        Assert.Equal(ExitCode.Done, (await shell.RunAsync("approvals", "revoke", "--all")).Exit);
        Assert.Equal(ExitCode.NotDone, (await CallAsync("execute_job", """{"job_id": "nightly"}""")).Exit);
        Assert.Contains("0 approved", (await shell.RunAsync("approvals", "list")).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Explaining_says_what_would_be_asked_and_why_and_does_nothing()
    {
        await MakeAsync(dropTable: true);
        var (exit, text, _) = await shell.RunAsync("policy", "explain", "execute_job", """{"job_id": "nightly"}""");
        Assert.Equal(ExitCode.Done, exit);
        Assert.Contains("a person types \"run nightly\"", text, StringComparison.Ordinal);
        Assert.Contains("nobody has approved a definition of it. Not plain: It can destroy or run something.", text, StringComparison.Ordinal);
        Assert.Contains("DROPPED", text, StringComparison.Ordinal);
        Assert.Contains("  | Destination: \"SQLite Data Source=b.db\"", text, StringComparison.Ordinal);
        Assert.Contains("a code for syncmcp approve", text, StringComparison.Ordinal);

        var token = JsonNode.Parse((await shell.RunAsync("policy", "explain", "delete_job_task", """{"job_id": "nightly", "task_id": "t"}""", "--json")).Out)!;
        Assert.Equal(("D", "yes", true), ((string?)token["tier"], (string?)token["needs"], (bool)token["two_steps"]!));
        Assert.Contains("nothing is asked", (await shell.RunAsync("policy", "explain", "list_jobs", "{}")).Out, StringComparison.Ordinal);
        Assert.Contains("It changes nothing that runs by itself.", (await shell.RunAsync("policy", "explain", "create_workspace", """{"name": "new"}""")).Out, StringComparison.Ordinal);

        Assert.DoesNotContain("new", (await CallAsync("list_workspaces", "{}")).Out, StringComparison.Ordinal);
        Assert.Contains("\"t\"", (await CallAsync("list_job_tasks", """{"job_id": "nightly"}""")).Out, StringComparison.Ordinal);
        Assert.Contains("0 approved", (await shell.RunAsync("approvals", "list")).Out, StringComparison.Ordinal);
        var refusals = (await shell.RunAsync("audit", "list")).Out;
        Assert.DoesNotContain("delete_job_task", refusals, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Explaining_says_what_policy_refuses_and_where_it_stands()
    {
        shell.Policy("""{"deny": ["delete_job"], "protected": ["def*"]}""");
        var (exit, text, _) = await shell.RunAsync("policy", "explain", "delete_job");
        Assert.Equal(ExitCode.NotDone, exit);
        Assert.Contains("switched delete_job off", text, StringComparison.Ordinal);
        Assert.Contains("policy.json", text, StringComparison.Ordinal);

        var (protectedExit, why, _) = await shell.RunAsync("policy", "explain", "delete_workspace", """{"workspace_id": "default"}""");
        Assert.Equal(ExitCode.NotDone, protectedExit);
        Assert.Contains("refused, policy_denied", why, StringComparison.Ordinal);

        Assert.Contains("invalid_arguments", (await shell.RunAsync("policy", "explain", "get_job", """{"jobid": "x"}""")).Out, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Usage, (await shell.RunAsync("policy", "explain", "delete_jobb")).Exit);
        shell.Policy("""{"denny": []}""");
        var (broken, _, error) = await shell.RunAsync("policy", "explain", "delete_job");
        Assert.Equal(ExitCode.Usage, broken);
        Assert.Contains("denny", error, StringComparison.Ordinal);
    }

    private async Task<(int Exit, string Out, string Error)> CallAsync(string tool, string arguments)
    {
        shell.Typed = null;
        return await shell.RunAsync("call", tool, arguments);
    }

    private async Task MakeAsync(bool dropTable)
    {
        await CallAsync("create_connection", """{"name": "from", "connector": "SQLite", "properties": {"Data Source": "a.db"}}""");
        await CallAsync("create_connection", """{"name": "to", "connector": "SQLite", "properties": {"Data Source": "b.db"}}""");
        Sql.Run(Path.Combine(shell.Data, "files", "a.db"), "CREATE TABLE t (id INTEGER PRIMARY KEY); INSERT INTO t VALUES (1), (2)");
        await CallAsync("create_job", $$"""{"name": "nightly", "source_connection": "from", "destination_connection": "to", "settings": {"drop_table": {{(dropTable ? "true" : "false")}}} }""");
        await CallAsync("add_job_task", """{"job_id": "nightly", "table": "t"}""");
    }
}
