using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Users;

public sealed class GetUserTests
{
    [Fact]
    public async Task A_user_is_shown_with_its_roles_and_its_token_masked()
    {
        await using var session = await SyncSession.StartAsync();
        session.Person.Confirms();
        var id = (await session.CallAsync("create_user", new { user = "ann", password = "Correct-Horse-7", roles = new[] { "cdata_standard" } })).Ok().Id;
        (await session.CallAsync("generate_user_token", new { user_id = id })).Ok();

        var user = (await session.CallAsync("get_user", new { user_id = id })).Ok().Result;

        Assert.Equal("cdata_standard", (string?)user["roles"]![0]!["id"]);
        Assert.Equal("********", (string?)user["token"]);
        Assert.NotNull(user["token_expires_at"]);
    }

    [Fact]
    public async Task A_user_is_found_by_login_name_wherever_an_id_is_taken()
    {
        await using var session = await SyncSession.StartAsync();
        session.Person.Confirms();
        var id = (await session.CallAsync("create_user", new { user = "ann", password = "Correct-Horse-7" })).Ok().Id;

        Assert.Equal(id, (await session.CallAsync("get_user", new { user_id = "Ann" })).Ok().Id);
        (await session.CallAsync("update_user", new { user_id = "ann", email_address = "ann@example.com" })).Ok();
        (await session.CallAsync("generate_user_token", new { user_id = "ann" })).Ok();
        (await session.CallAsync("delete_user", new { user_id = "ann" })).Ok();
        (await session.CallAsync("get_user", new { user_id = id })).Refused("not_found");
    }

    [Fact]
    public async Task A_user_that_is_not_there_is_refused()
    {
        await using var session = await SyncSession.StartAsync();
        session.Person.Confirms();
        (await session.CallAsync("create_user", new { user = "anna", password = "Correct-Horse-7" })).Ok();

        (await session.CallAsync("get_user", new { user_id = "ana" })).Refused("not_found").Naming("anna");
        (await session.CallAsync("get_user", new { user_id = "nobody" })).Refused("not_found");
        (await session.CallAsync("get_user")).Refused("invalid_arguments").Naming("`user_id`");
    }
}
