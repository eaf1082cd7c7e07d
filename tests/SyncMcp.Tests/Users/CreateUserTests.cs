using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Users;

public sealed class CreateUserTests
{
    [Fact]
    public async Task A_person_sees_name_and_roles_and_never_the_password()
    {
        await using var session = await SyncSession.StartAsync();
        session.Person.Confirms();

        var created = (await session.CallAsync("create_user", new { user = "ann", password = "Correct-Horse-7", roles = new[] { "cdata_admin", "Job Operator" } })).Ok();

        Assert.Equal("executed", created.Outcome);
        var question = Assert.Single(session.Person.Questions).Message;
        Assert.Contains("\"ann\"", question, StringComparison.Ordinal);
        Assert.Contains("cdata_admin", question, StringComparison.Ordinal);
        Assert.DoesNotContain("Correct-Horse-7", question + created.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_person_who_says_no_makes_nobody()
    {
        await using var session = await ReadingTime.DecliningSessionAsync();

        (await session.CallAsync("create_user", new { user = "ann", password = "Correct-Horse-7" })).Refused("declined");

        Assert.Empty((await session.CallAsync("list_users")).Ok().Items);
    }

    [Fact]
    public async Task Weak_passwords_unknown_roles_and_too_many_are_refused()
    {
        await using var session = await SyncSession.StartAsync();
        session.Person.Confirms();

        (await session.CallAsync("create_user", new { user = "ann", password = "weakpassword" })).Refused("invalid_request").Naming("digit");
        (await session.CallAsync("create_user", new { user = "ann", password = "Correct-Horse-7", roles = new[] { "root" } })).Refused("invalid_request").Naming("cdata_support");
        (await session.CallAsync("create_user", new { user = "ann", password = "Correct-Horse-7", roles = Enumerable.Repeat("cdata_admin", 6) })).Refused("invalid_request").Naming("at most 5");

        Assert.Empty((await session.CallAsync("list_users")).Ok().Items);
    }
}
