using System.CommandLine;
using SyncMcp.Client;
using SyncMcp.Client.Workspaces;
using SyncMcp.Redaction;
using SyncMcp.Settings;
using SyncMcp.Vault;

namespace SyncMcp.Commands;

/// <summary><c>syncmcp login URL</c>: takes a server's API token on the terminal and keeps it where no client snippet holds it; then what the server holds can be recorded as approved.</summary>
internal static class LoginCommand
{
    public static Command Create(CommonOptions common)
    {
        var url = Address();
        var command = new Command("login", "Keep the API token of a Sync server in the keyring, or sealed in a file of yours, so that no client's settings hold it; then take what the server holds now as approved, if you like.") { url };
        command.SetAction(async (parsed, ct) =>
        {
            try
            {
                return await LogInAsync(common, common.Words(parsed), parsed.GetValue(url), parsed.InvocationConfiguration, ct);
            }
            catch (SyncApiException ex)
            {
                await parsed.InvocationConfiguration.Error.WriteLineAsync($"syncmcp: {Redactor.Mask(Filters.Text.Clean(ex.Message))} Nothing was kept.");
                return ExitCode.NotDone;
            }
        });
        return command;
    }

    public static Command CreateLogout(CommonOptions common)
    {
        var url = Address();
        var command = new Command("logout", "Forget the token of a Sync server.") { url };
        command.SetAction(async (parsed, ct) =>
        {
            var (options, error) = (LoginTarget.Of(common.Words(parsed), parsed.GetValue(url), common.Surroundings).Options, parsed.InvocationConfiguration.Error);
            if (await OperatorAct.RequireAsync(common, options, "Logging out", "logout", [], error, ct) is not { } terminal)
                return ExitCode.NotDone;
            var origin = ServerOrigin.Of(options.Server!);
            var done = await new TokenStore(options.OperatorFolder, options.Time).ForgetAsync(origin, ct);
            terminal.Show(done ? $"Forgotten. The server still takes the token: revoke it there too ({origin})." : $"There was no token of {origin}.");
            return done ? ExitCode.Done : ExitCode.NotDone;
        });
        return command;
    }

    private static Argument<string?> Address() => new("URL") { Description = "The server's address; without one that of the profile.", Arity = ArgumentArity.ZeroOrOne };

    private static async Task<int> LogInAsync(CommonOptions common, StartWords words, string? url, InvocationConfiguration console, CancellationToken ct)
    {
        var target = LoginTarget.Of(words, url, common.Surroundings);
        var options = target.Options;
        if (await OperatorAct.RequireAsync(common, options, "Logging in", "login", [], console.Error, ct) is not { } terminal)
            return ExitCode.NotDone;
        var server = options.Server!;
        if (server.Scheme == Uri.UriSchemeHttp && !server.IsLoopback)
            terminal.Show($"{server.GetLeftPart(UriPartial.Authority)} is reached without encryption: the token can be read on the way.");
        var (token, wrong) = await terminal.AskUnseenAsync($"API token for {ServerOrigin.Of(server)} (from the server's user page):", ct) is { Length: > 0 } typed ? Values.Token(typed.Trim()) : (null, "is empty");
        if (token is null)
        {
            terminal.Show($"The token {wrong}; nothing was kept.");
            return ExitCode.NotDone;
        }

        Redactor.Hold(token);
        options = options with { Token = token };
        var seen = await TryAsync(options, ct);
        terminal.Show($"The server takes it; workspaces: {seen}.");
        var inKeyring = await new TokenStore(options.OperatorFolder, options.Time).KeepAsync(ServerOrigin.Of(server), token, Keyring.Find(common.Surroundings), ct);
        terminal.Show(inKeyring ? "Kept in the keyring." : "Kept sealed in logins.json of your folder, for your account alone (no keyring took it).");
        if (target.Keep() is { } undone)
            terminal.Show(undone);
        try
        {
            await BaselineCommand.OfferAsync(options, terminal, ct);
        }
        catch (SyncApiException ex)
        {
            terminal.Show(Redactor.Mask(Filters.Text.Clean($"What the server holds could not be read ({ex.Message}); syncmcp baseline tries again.")));
        }

        return ExitCode.Done;
    }

    private static async Task<int> TryAsync(ServerOptions options, CancellationToken ct)
    {
        using var client = new SyncClient(Way.ClientOptions(options));
        return (await client.SendAsync(WorkspaceEndpoints.List, new Nothing(), null, ct)).Value.Count;
    }
}
