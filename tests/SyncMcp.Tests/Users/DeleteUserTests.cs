using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Users;

public sealed class DeleteUserTests
{
    [Fact]
    public async Task A_person_types_the_phrase_and_the_user_is_gone()
    {
        await using var session = await SyncSession.StartAsync();
        session.Person.Confirms();
        var id = (await session.CallAsync("create_user", new { user = "ann", password = "Correct-Horse-7" })).Ok().Id;

        (await session.CallAsync("delete_user", new { user_id = id })).Ok();

        Assert.Contains("DELETE this user", session.Person.Questions[^1].Message, StringComparison.Ordinal);
        (await session.CallAsync("get_user", new { user_id = id })).Refused("not_found");
    }

    [Fact]
    public async Task A_user_that_is_not_there_is_refused_before_anybody_is_asked()
    {
        await using var session = await SyncSession.StartAsync();
        session.Person.Confirms();

        (await session.CallAsync("delete_user", new { user_id = "nobody" })).Refused("not_found");

        Assert.Empty(session.Person.Questions);
    }
}
