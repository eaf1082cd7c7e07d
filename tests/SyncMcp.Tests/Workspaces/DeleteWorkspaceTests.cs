using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Workspaces;

public sealed class DeleteWorkspaceTests
{
    [Fact]
    public async Task A_person_types_the_phrase_and_all_that_is_inside_goes_too()
    {
        await using var session = await SyncSession.StartAsync();
        var workspace = (await session.CallAsync("create_workspace", new { name = "Shop" })).Ok().Id;
        var connection = await SmallShop.ConnectAsync(session, "files", "shop.db", workspace);
        var job = (await session.CallAsync("create_job", new { workspace_id = "Shop", name = "copy", source_connection = "files", destination_connection = "files" })).Ok().Id;
        session.Person.Confirms();

        var deleted = (await session.CallAsync("delete_workspace", new { workspace_id = "Shop" })).Ok();

        Assert.Equal("executed", deleted.Outcome);
        Assert.Equal(workspace, deleted.Id);
        var question = Assert.Single(session.Person.Questions);
        Assert.Contains("\"copy\"", question.Message, StringComparison.Ordinal);
        Assert.Contains("\"files\"", question.Message, StringComparison.Ordinal);
        (await session.CallAsync("get_workspace", new { workspace_id = workspace })).Refused("not_found");
        (await session.CallAsync("get_connection", new { connection_id = connection })).Refused("not_found");
        (await session.CallAsync("get_job", new { job_id = job })).Refused("not_found");
    }

    [Fact]
    public async Task A_person_who_says_no_keeps_it()
    {
        await using var session = await ReadingTime.DecliningSessionAsync();
        var workspace = (await session.CallAsync("create_workspace", new { name = "Shop" })).Ok().Id;

        (await session.CallAsync("delete_workspace", new { workspace_id = workspace })).Refused("declined").Naming("said no");

        Assert.Equal("Shop", (string?)(await session.CallAsync("get_workspace", new { workspace_id = workspace })).Ok().Result["name"]);
    }

    [Fact]
    public async Task The_default_workspace_stays_whatever_a_person_types()
    {
        await using var session = await SyncSession.StartAsync();
        session.Person.Confirms();

        (await session.CallAsync("delete_workspace", new { workspace_id = "default" })).Refused("invalid_request").Naming("default workspace");
        Assert.Empty(session.Person.Questions);

        Assert.Single((await session.CallAsync("list_workspaces")).Ok().Items);
    }

    [Fact]
    public async Task What_to_delete_is_never_guessed()
    {
        await using var session = await SyncSession.StartAsync(options => options with { Workspace = "Shop" });
        (await session.CallAsync("create_workspace", new { name = "Shop" })).Ok();
        session.Person.Confirms();

        (await session.CallAsync("delete_workspace")).Refused("invalid_arguments").Naming("`workspace_id`", "missing");
        (await session.CallAsync("delete_workspace", new { workspace_id = "Shoq" })).Refused("not_found").Naming("'Shoq'", "Shop");

        Assert.Empty(session.Person.Questions);
        Assert.Equal(2, (await session.CallAsync("list_workspaces")).Ok().Items.Count);
    }
}
