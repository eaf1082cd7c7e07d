using System.CommandLine;
using System.Text.Json.Nodes;
using SyncMcp.Client;
using SyncMcp.Engine.Connectors;
using SyncMcp.Guard;

namespace SyncMcp.Commands;

/// <summary><c>syncmcp allow</c>: lets connections reach a folder, or a host with port, database and account, without a question. An act of the operator; no tool can do it.</summary>
internal static class AllowCommand
{
    public static Command Create(CommonOptions common)
    {
        var folder = new Argument<string?>("FOLDER") { Description = "The folder; without anything what is allowed is shown.", Arity = ArgumentArity.ZeroOrOne };
        var readOnly = new Option<bool>("--read-only") { Description = "As a source only: nothing may be written there." };
        var remove = new Option<bool>("--remove") { Description = "Allow it no longer." };
        var connection = new Option<string?>("--connection") { HelpName = "NAME", Description = "The place that this connection leads to now, exactly." };
        var connector = new Option<string?>("--connector") { HelpName = "CONNECTOR", Description = "A place spelled out: its connector," };
        var host = new Option<string?>("--host") { HelpName = "HOST", Description = "its host," };
        var where = new Option<string[]>("--where") { HelpName = "PROPERTY=VALUE", Description = "and each further property that says where (Port, Database, User)." };
        var command = new Command("allow", "Let connections reach a folder (and what is below it), or the place of a connection, without asking; takes effect at once.") { folder, connection, connector, host, where, readOnly, remove };
        command.Validators.Add(result =>
        {
            if (new[] { result.GetValue(folder), result.GetValue(connection), result.GetValue(connector) }.Count(named => named is not null) > 1)
                result.AddError("Name one place: FOLDER, --connection or --connector.");
            else if (result.GetValue(connector) is null && (result.GetValue(host) is not null || result.GetValue(where) is { Length: > 0 }))
                result.AddError("--host and --where belong to --connector.");
        });
        command.SetAction(async (parsed, ct) =>
        {
            var options = common.Read(parsed);
            var (output, error, places) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error, new AllowedPlaces(options));
            var (drafted, spelled) = (parsed.GetValue(connection), parsed.GetValue(connector));
            if (parsed.GetValue(folder) is not { } named)
            {
                return drafted is null && spelled is null ? Show(places, options, output) : await HostAsync(
                    common, options, parsed.GetValue(remove), new() { ["name"] = drafted ?? $"{spelled} {parsed.GetValue(host)} {string.Join(' ', parsed.GetValue(where) ?? [])}".Trim(), ["read_only"] = parsed.GetValue(readOnly), ["remove"] = parsed.GetValue(remove) }, parsed.InvocationConfiguration,
                    async () => drafted is not null
                        ? await AllowHost.OfConnectionAsync(options, drafted, parsed.GetValue(readOnly), ct)
                        : AllowHost.Of(options, spelled!, parsed.GetValue(host), parsed.GetValue(where) ?? [], parsed.GetValue(readOnly)), ct);
            }

            if (await OperatorAct.RequireAsync(common, options, "Changing what is allowed", "allow", new() { ["name"] = named, ["read_only"] = parsed.GetValue(readOnly), ["remove"] = parsed.GetValue(remove) }, error, ct) is null)
                return ExitCode.NotDone;
            var path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(named));
            // As it really lies: a link could be led elsewhere once it is allowed, and its name could hide where it leads.
            if (!parsed.GetValue(remove) || !places.List().Any(known => known.Path == path))
                path = FileRoots.RealPath(named);
            return parsed.GetValue(remove) ? Remove(places, path, output, error) : Add(places, new(path, parsed.GetValue(readOnly)), options, output, error);
        });
        return command;
    }

    private static int Show(AllowedPlaces places, ServerOptions options, TextWriter output)
    {
        output.WriteLine($"{Path.Combine(options.DataDirectory, "files")}  read and write (always)");
        foreach (var place in places.List())
            output.WriteLine($"{place.Path}  {(place.ReadOnly ? "read" : "read and write")}");
        foreach (var host in new AllowedHosts(options).List())
            output.WriteLine($"{Filters.Text.Clean(host.Place).ReplaceLineEndings(" ")}  {(host.ReadOnly ? "read" : "read and write")}");
        return ExitCode.Done;
    }

    private static async Task<int> HostAsync(CommonOptions common, ServerOptions options, bool remove, JsonObject arguments, InvocationConfiguration console, Func<Task<AllowedHost>> find, CancellationToken ct)
    {
        if (await OperatorAct.RequireAsync(common, options, "Changing what is allowed", "allow", arguments, console.Error, ct) is not { } terminal)
            return ExitCode.NotDone;
        AllowedHost host;
        try
        {
            host = await find();
        }
        catch (SyncApiException ex)
        {
            await console.Error.WriteLineAsync($"syncmcp: {Redaction.Redactor.Mask(Filters.Text.Clean(ex.Message))} (syncmcp doctor says more)");
            return ExitCode.NotDone;
        }

        var (hosts, shown) = (new AllowedHosts(options), Filters.Text.Clean(host.Place).ReplaceLineEndings(" "));
        if (remove)
        {
            var removed = hosts.Remove(host);
            await console.Output.WriteLineAsync($"{(removed ? "No longer allowed" : "Was not allowed")}: {shown}");
            return removed ? ExitCode.Done : ExitCode.NotDone;
        }

        // What somebody else drafted is seen before it is allowed.
        terminal.Show($"{host.Server}\n{shown}");
        if (!await terminal.SaysYesAsync($"Let connections {(host.ReadOnly ? "read" : "read and write")} there without asking?", ct))
        {
            terminal.Show("Nothing was allowed.");
            return ExitCode.NotDone;
        }

        hosts.Add(host);
        await console.Output.WriteLineAsync($"Allowed to {(host.ReadOnly ? "read" : "read and write")}: {shown}");
        return ExitCode.Done;
    }

    private static int Add(AllowedPlaces places, AllowedPlace place, ServerOptions options, TextWriter output, TextWriter error)
    {
        if (!Directory.Exists(place.Path))
        {
            error.WriteLine($"syncmcp: there is no folder {place.Path}");
            return ExitCode.NotDone;
        }

        // Who could write there could approve: neither the operator's folder nor the engine's own files may be reached as data.
        foreach (var own in (string[])[FileRoots.RealPath(options.OperatorFolder), FileRoots.RealPath(options.DataDirectory)])
        {
            if (!Overlap(place.Path, own))
                continue;
            error.WriteLine($"syncmcp: {place.Path} overlaps syncmcp's own folder {own}, which must stay out of reach; name a folder beside it");
            return ExitCode.NotDone;
        }

        places.Add(place);
        output.WriteLine($"Allowed to {(place.ReadOnly ? "read" : "read and write")}: {place.Path}");
        return ExitCode.Done;
    }

    private static int Remove(AllowedPlaces places, string path, TextWriter output, TextWriter error)
    {
        if (!places.Remove(path))
        {
            error.WriteLine($"syncmcp: {path} was not allowed; syncmcp allow shows the folders that are");
            return ExitCode.NotDone;
        }

        output.WriteLine($"No longer allowed: {path}");
        return ExitCode.Done;
    }

    private static bool Overlap(string left, string right) => Within(left, right) || Within(right, left);

    private static bool Within(string inner, string outer)
    {
        static string Closed(string path) => Path.EndsInDirectorySeparator(path) ? path : path + Path.DirectorySeparatorChar;
        return Closed(inner).StartsWith(Closed(outer), OperatingSystem.IsLinux() ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase);
    }
}
