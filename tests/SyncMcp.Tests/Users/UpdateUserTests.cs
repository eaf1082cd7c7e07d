using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Users;

public sealed class UpdateUserTests
{
    [Fact]
    public async Task A_person_sees_the_roles_before_and_after()
    {
        await using var session = await SyncSession.StartAsync();
        session.Person.Confirms();
        var id = (await session.CallAsync("create_user", new { user = "ann", password = "Correct-Horse-7", roles = new[] { "cdata_support" } })).Ok().Id;

        var changed = (await session.CallAsync("update_user", new { user_id = id, password = "Other-Horse-8", roles = new[] { "cdata_standard" } })).Ok();

        Assert.Equal("cdata_standard", (string?)changed.Result["roles"]![0]!["id"]);
        var question = session.Person.Questions[^1].Message;
        Assert.Contains("\"cdata_support\" -> \"cdata_standard\"", question, StringComparison.Ordinal);
        Assert.Contains("password becomes another", question, StringComparison.Ordinal);
        Assert.DoesNotContain("Other-Horse-8", question + changed.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_last_admin_is_not_locked_out()
    {
        await using var session = await SyncSession.StartAsync();
        session.Person.Confirms();
        var id = (await session.CallAsync("create_user", new { user = "ann", password = "Correct-Horse-7", roles = new[] { "cdata_admin" } })).Ok().Id;

        (await session.CallAsync("update_user", new { user_id = id, is_active = false })).Refused("invalid_request").Naming("last active");

        Assert.True((bool?)(await session.CallAsync("get_user", new { user_id = id })).Ok().Result["is_active"]);
    }
}
