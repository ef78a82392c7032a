# Reads a formula like Homebrew, without Homebrew. Prints its values for one system and processor as JSON. With a folder
# and a prefix it also installs from that folder, and runs the formula's test.
#
#   ruby formula.rb FORMULA macos|linux arm|intel [FOLDER PREFIX]
require "fileutils"
require "json"
require "open3"
require "pathname"

PATH, SYSTEM, PROCESSOR, FOLDER, PREFIX = ARGV

class Pathname
  def install(*files)
    mkpath
    FileUtils.cp(files.flatten, self)
  end
end

# Ignores the content of a formula's livecheck block.
class Elsewhere < BasicObject
  def url(_) = nil
  def strategy(_) = nil
end

class Formula
  FACTS = {}

  class << self
    attr_reader :kind, :check

    def inherited(kind)
      super
      @kind = kind
    end

    %i[desc homepage version license url sha256].each do |name|
      define_method(name) do |value|
        raise "#{name} is set twice" if FACTS.key?(name)

        FACTS[name] = value
      end
    end

    { on_macos: "macos", on_linux: "linux" }.each do |name, system|
      define_method(name) { |&block| block.call if system == SYSTEM }
    end
    { on_arm: "arm", on_intel: "intel" }.each do |name, processor|
      define_method(name) { |&block| block.call if processor == PROCESSOR }
    end

    def livecheck(&block) = Elsewhere.new.instance_eval(&block)
    def test(&block) = Formula.instance_variable_set(:@check, block)
  end

  {
    bin: "bin",
    man1: "share/man/man1",
    bash_completion: "etc/bash_completion.d",
    zsh_completion: "share/zsh/site-functions",
    fish_completion: "share/fish/vendor_completions.d",
  }.each { |name, path| define_method(name) { Pathname(PREFIX) / path } }

  def version = FACTS[:version]

  def shell_output(command)
    output, status = Open3.capture2(command)
    status.success? ? output : raise("#{command} ended with #{status.exitstatus}")
  end

  def assert_match(expected, actual)
    actual.include?(expected) or raise("#{actual} has no #{expected}")
  end

  def system(*words)
    output, status = Open3.capture2e(*words.map(&:to_s))
    status.success? or raise("#{words.join(" ")}: #{output}")
  end
end

load PATH
if FOLDER
  formula = Formula.kind.new
  Dir.chdir(FOLDER) { formula.install }
  formula.instance_eval(&Formula.check)
end
puts JSON.generate(Formula::FACTS)
