using SyncMcp.Commands;

namespace SyncMcp.Tests.Commands;

/// <summary><c>syncmcp export</c>, <c>plan</c>, <c>apply</c> as CI runs them.</summary>
public sealed class CodeCommandsTests : IDisposable
{
    private readonly Shell shell = new();

    public void Dispose() => shell.Dispose();

    [Fact]
    public async Task An_export_plans_to_nothing_a_change_ends_with_2_and_is_applied()
    {
        Directory.CreateDirectory(shell["home"]);
        Assert.Equal(ExitCode.Done, (await shell.RunAsync("call", "create_connection", """{"name": "shop", "connector": "SQLite", "properties": {"Data Source": "shop.db"}}""")).Exit);
        var (exit, document, _) = await shell.RunAsync("export");
        Assert.Equal(ExitCode.Done, exit);
        Assert.StartsWith("syncmcp: 1\n", document, StringComparison.Ordinal);
        var file = shell["workspace.yaml"];
        await File.WriteAllTextAsync(file, document, TestContext.Current.CancellationToken);
        Assert.Equal((0, "nothing to do"), ((await shell.RunAsync("plan", file)) is var same ? (same.Exit, same.Out.Trim()) : default));

        await File.WriteAllTextAsync(file, document.Replace("jobs: []", "jobs:\n- {name: copy, source_connection: shop, destination_connection: shop, tasks: [{table: orders}]}", StringComparison.Ordinal), TestContext.Current.CancellationToken);
        var changed = await shell.RunAsync("plan", file);
        Assert.Equal(CodeCommands.Changes, changed.Exit);
        Assert.Contains("create job: copy", changed.Out, StringComparison.Ordinal);
        Assert.EndsWith("2 changes", changed.Out.Trim(), StringComparison.Ordinal);
        Assert.Equal(ExitCode.Done, (await shell.RunAsync("apply", file)).Exit);
        Assert.Equal(0, (await shell.RunAsync("plan", file)).Exit);
        Assert.Contains("\"name\": \"copy\"", (await shell.RunAsync("export", "--format", "json")).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_done_ends_with_1_and_what_is_not_understood_with_64()
    {
        var file = shell["workspace.yaml"];
        Assert.Equal(ExitCode.Usage, (await shell.RunAsync("plan", file)).Exit);
        await File.WriteAllTextAsync(file, "jobs: 7", TestContext.Current.CancellationToken);
        var refused = await shell.RunAsync("plan", file);
        Assert.Equal(ExitCode.NotDone, refused.Exit);
        Assert.Contains("version of the form", refused.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCode.NotDone, (await shell.RunAsync("apply", file)).Exit);
        Assert.Equal(ExitCode.Usage, (await shell.RunAsync("plan", file, "--map", "x")).Exit);
        Assert.Equal(ExitCode.NotDone, (await shell.RunAsync("export", "--workspace", "nowhere")).Exit);
    }
}
