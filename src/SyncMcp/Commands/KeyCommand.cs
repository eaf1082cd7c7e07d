using System.CommandLine;
using SyncMcp.Settings;
using SyncMcp.Transports.Http;

namespace SyncMcp.Commands;

/// <summary><c>syncmcp key</c>: keys of those who call over HTTP. Acts of the operator; no tool can do them.</summary>
internal static class KeyCommand
{
    public static Command Create(CommonOptions common) => new("key", "Give out keys for syncmcp http, by name and scope.")
    {
        Make(common),
        List(common),
        Revoke(common),
    };

    private static Command Make(CommonOptions common)
    {
        var name = new Argument<string>("NAME") { Description = "Whose it is: stands in the audit log as key:NAME." };
        var scope = new Option<string>("--scope") { HelpName = "SCOPE", Required = true, Description = "read, operate (writes, runs, stopping) or admin (also deleting wholes, users, tokens). The guard stands behind all of them." };
        scope.AcceptOnlyFromAmong("read", "operate", "admin");
        var command = new Command("create", "Make a key; it is shown once, and kept as a hash.") { name, scope };
        command.SetAction(async (parsed, ct) =>
        {
            var (options, console) = (common.Read(parsed), parsed.InvocationConfiguration);
            var called = Named(parsed.GetRequiredValue(name));
            if (await OperatorAct.RequireAsync(common, options, "Giving out a key", "key create", new() { ["name"] = called, ["scope"] = parsed.GetRequiredValue(scope) }, console.Error, ct) is null)
                return ExitCode.NotDone;
            if (Keys(options).Create(called, Principal.ScopeOf($"sync:{parsed.GetRequiredValue(scope)}")!.Value) is not { } key)
            {
                await console.Error.WriteLineAsync($"syncmcp: there is a key {called} already; take it back first: syncmcp key revoke {called}");
                return ExitCode.NotDone;
            }

            await console.Error.WriteLineAsync($"Key {called}, shown this once. A running server takes it within a second: header Authorization: Bearer KEY");
            await console.Output.WriteLineAsync(key);
            return ExitCode.Done;
        });
        return command;
    }

    private static Command List(CommonOptions common)
    {
        var command = new Command("list", "Show names and scopes of the keys.");
        command.SetAction(parsed =>
        {
            var output = parsed.InvocationConfiguration.Output;
            var keys = Keys(common.Read(parsed)).List();
            foreach (var key in keys)
                output.WriteLine($"{key.Name}  {key.Scope}  made {key.Made:yyyy-MM-dd}");
            output.WriteLine(keys.Count == 0 ? "No keys. Make one: syncmcp key create NAME --scope read" : $"{keys.Count} {(keys.Count == 1 ? "key" : "keys")}.");
            return ExitCode.Done;
        });
        return command;
    }

    private static Command Revoke(CommonOptions common)
    {
        var name = new Argument<string>("NAME");
        var command = new Command("revoke", "Take a key back: a running server refuses it within a second.") { name };
        command.SetAction(async (parsed, ct) =>
        {
            var (options, error) = (common.Read(parsed), parsed.InvocationConfiguration.Error);
            if (await OperatorAct.RequireAsync(common, options, "Taking a key back", "key revoke", new() { ["name"] = parsed.GetRequiredValue(name) }, error, ct) is null)
                return ExitCode.NotDone;
            if (Keys(options).Revoke(parsed.GetRequiredValue(name)))
                return ExitCode.Done;
            await error.WriteLineAsync($"syncmcp: there is no key {Filters.Text.Quote(parsed.GetRequiredValue(name))}; see syncmcp key list");
            return ExitCode.NotDone;
        });
        return command;
    }

    private static string Named(string name) => ApiKeys.IsName(name) ? name : throw new SettingException("NAME is 1 to 40 letters, digits and the signs - _ .");

    private static ApiKeys Keys(ServerOptions options) => new(options.OperatorFolder, options.Time);
}
