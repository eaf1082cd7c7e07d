namespace SyncMcp.Settings;

/// <summary>A setting cannot be used; the message names where it stands (variable, option or file), what is wrong, and what to write instead.</summary>
internal sealed class SettingException(string message) : Exception(message);
