using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Users;

public sealed class ListUsersTests
{
    [Fact]
    public async Task Users_are_listed_with_their_roles_and_no_token()
    {
        await using var session = await SyncSession.StartAsync();
        Assert.Empty((await session.CallAsync("list_users")).Ok().Items);
        session.Person.Confirms();
        (await session.CallAsync("create_user", new { user = "ann", password = "Correct-Horse-7", roles = new[] { "cdata_support" } })).Ok();

        var ann = Assert.Single((await session.CallAsync("list_users")).Ok().Items);

        Assert.Equal("ann", (string?)ann["user"]);
        Assert.Null(ann["token"]);
    }

    [Fact]
    public async Task What_it_does_not_take_is_refused()
    {
        await using var session = await SyncSession.StartAsync();

        (await session.CallAsync("list_users", new { role = "cdata_admin" })).Refused("invalid_arguments").Naming("`role`");
    }
}
