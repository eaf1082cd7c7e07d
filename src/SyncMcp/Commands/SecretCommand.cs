using System.CommandLine;
using System.Text.Json.Nodes;
using SyncMcp.Client.Connections;
using SyncMcp.Settings;
using SyncMcp.Vault;

namespace SyncMcp.Commands;

/// <summary><c>syncmcp secret</c>: passwords and tokens that connections use, so that none travels through a chat. Acts of the operator; no tool can do them.</summary>
internal static class SecretCommand
{
    public static Command Create(CommonOptions common) => new("secret", "Keep secrets that connections use as ${secret:NAME}; no model ever sees them.")
    {
        Set(common),
        List(common),
        Remove(common),
    };

    private static Command Set(CommonOptions common)
    {
        var name = new Argument<string>("NAME") { Description = "By which it is meant: ${secret:NAME}." };
        var connector = new Option<string>("--connector") { HelpName = "CONNECTOR", Required = true, Description = "It goes to connections of this connector only." };
        var host = new Option<string?>("--host") { HelpName = "HOST", Description = "It goes to this host only (for connectors that syncmcp knows)." };
        var where = new Option<string[]>("--where") { HelpName = "PROPERTY=VALUE", Description = "For other connectors: each property of the connection that is no secret." };
        var command = new Command("set", "Set a secret; you type it on the terminal, unseen.") { name, connector, host, where };
        command.SetAction((parsed, ct) =>
        {
            var options = common.Read(parsed);
            var spelled = KnownConnectors.Names.FirstOrDefault(known => known.Equals(parsed.GetRequiredValue(connector), StringComparison.OrdinalIgnoreCase));
            var bound = Bound(spelled, parsed.GetRequiredValue(connector), parsed.GetValue(host), parsed.GetValue(where) ?? []);
            return SetAsync(common, options, Named(parsed.GetRequiredValue(name)), spelled ?? parsed.GetRequiredValue(connector), bound, parsed.InvocationConfiguration, ct);
        });
        return command;
    }

    private static Command List(CommonOptions common)
    {
        var command = new Command("list", "Show names and places of the secrets, never their values.");
        command.SetAction(parsed =>
        {
            var output = parsed.InvocationConfiguration.Output;
            var secrets = Store(common.Read(parsed)).List();
            foreach (var secret in secrets)
                output.WriteLine($"{secret.Name}  {secret.Place}  set {secret.SetAt:yyyy-MM-dd}");
            output.WriteLine(secrets.Count == 0 ? "No secrets. Set one: syncmcp secret set NAME --connector PostgreSQL --host db.example.com" : $"{secrets.Count} secrets.");
            return ExitCode.Done;
        });
        return command;
    }

    private static Command Remove(CommonOptions common)
    {
        var name = new Argument<string>("NAME");
        var command = new Command("remove", "Forget a secret. Connections that were made with it keep their own copy.") { name };
        command.SetAction(async (parsed, ct) =>
        {
            var (options, error) = (common.Read(parsed), parsed.InvocationConfiguration.Error);
            if (await OperatorAct.RequireAsync(common, options, "Removing a secret", "secret remove", new() { ["name"] = parsed.GetRequiredValue(name) }, error, ct) is null)
                return ExitCode.NotDone;
            if (Store(options).Remove(parsed.GetRequiredValue(name)))
                return ExitCode.Done;
            await error.WriteLineAsync($"syncmcp: there is no secret {Filters.Text.Quote(parsed.GetRequiredValue(name))}; see syncmcp secret list");
            return ExitCode.NotDone;
        });
        return command;
    }

    private static async Task<int> SetAsync(
        CommonOptions common, ServerOptions options, string name, string connector, IReadOnlyDictionary<string, string> where, InvocationConfiguration console, CancellationToken ct)
    {
        if (await OperatorAct.RequireAsync(common, options, "Setting a secret", "secret set", new() { ["name"] = name, ["connector"] = connector, ["where"] = new JsonObject(where.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value))) }, console.Error, ct) is not { } terminal)
            return ExitCode.NotDone;
        var store = Store(options);
        if (store.Find(name) is { } older && !await terminal.SaysYesAsync($"{name} exists, for {older.Place}. Replace it?", ct))
            return ExitCode.NotDone;
        if (await terminal.AskUnseenAsync($"Value of {name}:", ct) is not { Length: > 0 } value)
        {
            await console.Error.WriteLineAsync("syncmcp: an empty secret is none; nothing was kept.");
            return ExitCode.NotDone;
        }

        var kept = store.Set(name, connector, where, value);
        await console.Output.WriteLineAsync($"Kept. Let the assistant write ${{secret:{name}}}; it goes to {kept.Place} only.");
        return ExitCode.Done;
    }

    private static string Named(string name) => SecretStore.IsName(name) ? name
        : throw new SettingException("NAME is 1 to 64 letters, digits and the signs - _ .");

    private static Dictionary<string, string> Bound(string? known, string connector, string? host, string[] where)
    {
        var bound = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var pair in where)
        {
            if (pair.Split('=', 2, StringSplitOptions.TrimEntries) is not [{ Length: > 0 } property, { Length: > 0 } value])
                throw new SettingException($"--where is PROPERTY=VALUE, not \"{Filters.Text.Clean(pair)}\".");
            bound[property] = value;
        }

        if (known is not null && KnownConnectors.Properties(known)!.FirstOrDefault(property => property.IsHost) is { } place)
            bound[place.Name] = host ?? throw new SettingException($"--host is missing: name the {place.Name} that this secret may be sent to.");
        else if (host is not null)
            throw new SettingException(known is null ? $"--host needs a connector that syncmcp knows ({connector} is none): use --where, once for each property of the connection." : $"{known} has no host and no secrets.");
        if (bound.Count == 0)
            throw new SettingException("--where is missing: name each property of the connection that is no secret, for example --where \"Server=db.example.com\".");
        return bound;
    }

    private static SecretStore Store(ServerOptions options) => new(options.OperatorFolder, options.Time);
}
