using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Users;

public sealed class GenerateUserTokenTests
{
    [Fact]
    public async Task The_token_goes_to_a_file_for_its_owner_alone_and_is_in_no_byte_of_any_answer()
    {
        await using var session = await SyncSession.StartAsync();
        session.Person.Confirms();
        var id = (await session.CallAsync("create_user", new { user = "ann", password = "Correct-Horse-7", roles = new[] { "cdata_support" } })).Ok().Id;

        var made = (await session.CallAsync("generate_user_token", new { user_id = id, expires_in_days = 3 })).Ok();

        var path = (string)made.Result["written_to"]!;
        var token = (await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken)).Trim();
        Assert.Equal(43, token.Length);
        Assert.StartsWith(Path.Combine(session.Options.OperatorFolder, "tokens"), path, StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        var again = (await session.CallAsync("get_user", new { user_id = id })).Ok();
        foreach (var sent in (string[])[made.Text, made.Structured.ToJsonString(), again.Text, again.Structured.ToJsonString(), .. session.Person.Questions.Select(question => question.Message)])
            Assert.DoesNotContain(token, sent, StringComparison.Ordinal);
        // Nor in what the program keeps beside it.
        foreach (var file in Directory.GetFiles(session.Options.OperatorFolder, "*", SearchOption.AllDirectories).Where(file => file != path))
            Assert.DoesNotContain(token, await Sharing.ReadAsync(file), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_built_in_administrator_and_wrong_lifetimes_are_refused()
    {
        await using var session = await SyncSession.StartAsync();
        session.Person.Confirms();

        (await session.CallAsync("generate_user_token")).Refused("invalid_request").Naming("user_id");
        (await session.CallAsync("generate_user_token", new { user_id = "nobody" })).Refused("not_found");
        (await session.CallAsync("generate_user_token", new { expires_in_days = 400 })).Refused("invalid_arguments").Naming("expires_in_days");
    }

    // The audit's database is open while it is read.
    private static class Sharing
    {
        public static async Task<string> ReadAsync(string path)
        {
            await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var reader = new StreamReader(file, System.Text.Encoding.Latin1);
            return await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
        }
    }
}
