using System.CommandLine;
using SyncMcp.Engine.Connectors;
using SyncMcp.Guard;

namespace SyncMcp.Commands;

/// <summary><c>syncmcp allow FOLDER</c>: lets file connections reach a folder. An act of the operator; no tool can do it.</summary>
internal static class AllowCommand
{
    public static Command Create(CommonOptions common)
    {
        var folder = new Argument<string?>("FOLDER") { Description = "The folder; without one the allowed folders are shown.", Arity = ArgumentArity.ZeroOrOne };
        var readOnly = new Option<bool>("--read-only") { Description = "As a source only: nothing may be written there." };
        var remove = new Option<bool>("--remove") { Description = "Allow it no longer." };
        var command = new Command("allow", "Let file connections reach a folder (and what is below it) without asking; takes effect at once.") { folder, readOnly, remove };
        command.SetAction(async (parsed, ct) =>
        {
            var options = common.Read(parsed);
            var (output, error, places) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error, new AllowedPlaces(options));
            if (parsed.GetValue(folder) is not { } named)
                return Show(places, options, output);
            if (await OperatorAct.RequireAsync(common, options, "Changing what is allowed", error, ct) is null)
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
