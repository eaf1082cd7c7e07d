using System.CommandLine;
using SyncMcp.Client;

namespace SyncMcp.Commands;

/// <summary><c>syncmcp tools</c>: what an assistant can call, and what each call takes.</summary>
internal static class ToolsCommand
{
    public static Command Create(CommonOptions common)
    {
        var command = new Command("tools", "List the tools with their guard tiers.");
        command.SetAction(parsed =>
        {
            Show(common.Read(parsed), parsed.InvocationConfiguration.Output);
            return ExitCode.Done;
        });
        return command;
    }

    private static void Show(ServerOptions options, TextWriter output)
    {
        var listed = Tools.ToolList.Of(options).ToHashSet();
        var own = Tools.ToolList.Own(Guard.Policy.Of(options));
        var width = Tools.ToolList.Names.Max(name => name.Length);
        foreach (var area in Catalogue.Areas)
        {
            output.WriteLine(area.Name);
            foreach (var endpoint in area.Endpoints.Where(listed.Contains))
                output.WriteLine($"  {endpoint.Name.PadRight(width)}  {endpoint.Tier.Letter(),-2}  {endpoint.Description}");
            output.WriteLine();
        }

        foreach (var toolset in own.GroupBy(tool => tool.Toolset))
        {
            output.WriteLine(toolset.Key);
            foreach (var tool in toolset)
                output.WriteLine($"  {tool.Name.PadRight(width)}  {tool.Tier.Letter(),-2}  {tool.Description}");
            output.WriteLine();
        }

        output.WriteLine($"{listed.Count + own.Count} tools; mode {Settings.Values.Word(options.Mode)}; surface {Tools.Surfaces.Word(options.Surface)} (compact: {string.Join(", ", Tools.CompactTools.All.Select(tool => tool.Name))}).");
        output.WriteLine("R reads. W changes nothing that runs by itself. W+ runs or arms: asks once for each definition that is not plain. D stops or deletes a part: asks. X deletes a whole: a person types a phrase.");
    }
}
