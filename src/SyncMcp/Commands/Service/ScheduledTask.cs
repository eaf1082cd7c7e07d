using System.Security;
using SyncMcp.Settings;

namespace SyncMcp.Commands.Service;

/// <summary>A task of Windows' scheduler that starts at the user's logon (Task Scheduler Schema 1.2). Untested: written by the manual, on no Windows yet.</summary>
internal static class ScheduledTask
{
    public static ServiceFile Of(string name, IReadOnlyList<string> words, Surroundings surroundings)
    {
        var path = Path.Combine(DataPlace.Default(surroundings), $"{name}.xml");
        return new(name, path, Text(words, $"{Environment.UserDomainName}\\{Environment.UserName}"),
            [$"schtasks /Create /TN {name} /XML \"{path}\"", $"schtasks /Run /TN {name}"],
            [$"schtasks /End /TN {name}", $"schtasks /Delete /TN {name} /F"])
        {
            Wide = true,
        };
    }

    internal static string Text(IReadOnlyList<string> words, string user) => $"""
        <?xml version="1.0" encoding="UTF-16"?>
        <Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
          <RegistrationInfo><Description>syncmcp engine, which keeps schedules and runs going while no window is open</Description></RegistrationInfo>
          <Triggers><LogonTrigger><Enabled>true</Enabled><UserId>{SecurityElement.Escape(user)}</UserId></LogonTrigger></Triggers>
          <Principals><Principal id="Author"><UserId>{SecurityElement.Escape(user)}</UserId><LogonType>InteractiveToken</LogonType><RunLevel>LeastPrivilege</RunLevel></Principal></Principals>
          <Settings>
            <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>
            <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>
            <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>
            <ExecutionTimeLimit>PT0S</ExecutionTimeLimit>
            <RestartOnFailure><Interval>PT1M</Interval><Count>99</Count></RestartOnFailure>
          </Settings>
          <Actions Context="Author">
            <Exec><Command>{SecurityElement.Escape(words[0])}</Command><Arguments>{SecurityElement.Escape(string.Join(' ', words.Skip(1).Select(Quoted)))}</Arguments></Exec>
          </Actions>
        </Task>

        """;

    // A path of Windows holds no quotation mark; a backslash before the closing one would escape it.
    private static string Quoted(string word) => word.Contains(' ', StringComparison.Ordinal) ? $"\"{word.TrimEnd('\\')}\"" : word;
}
